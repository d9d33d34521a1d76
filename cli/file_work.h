// What `compress`, `decompress`, `cat` and `test` have in common: the flags, and one file after the
// other.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/input_file.h"
#include "cli/run_progress.h"
#include "container/evz_stream.h"

namespace evalzip {

inline constexpr const char* kEvzSuffix = ".evz";

struct FileOptions {
  std::vector<std::string> files;  // none: standard input
  std::string output;              // one file, or "-"
  bool to_standard_output = false, remove = false, force = false, verbose = false, quiet = false;
  unsigned threads = 1;  // 0: as many as the machine has
};

void add_work_flags(CLI::App& app, FileOptions& options);    // -T, -v, -q
void add_target_flags(CLI::App& app, FileOptions& options);  // -o, -c, -f
void add_input_flags(CLI::App& app, FileOptions& options);   // files, and add_work_flags
void add_output_flags(CLI::App& app, FileOptions& options);  // -k, --rm, and add_target_flags

// At least 1.
unsigned thread_count(const FileOptions& options);

// Does `work` for each file, says what it throws and goes on. Returns the exit code: 4 where a file
// is damaged, 2 where another could not be read or written.
int for_each_file(const FileOptions& options, const std::function<void(const InputFile&)>& work);

// A file under work, for a person to see: one line that grows, and with -v one that stays.
class FileProgress {
 public:
  FileProgress(const InputFile& input, StatusLine& line, const FileOptions& options);

  // `read`: of the input's bytes.
  void show(const EvzTotals& totals, std::uint64_t read);
  void finish(const EvzTotals& totals, const std::string& codec);

 private:
  double seconds() const;

  const InputFile& input_;
  StatusLine& line_;
  bool verbose_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Where a file's result goes.
struct Target {
  std::string path;    // "-": standard output
  bool force = false;  // replaces a file that is there
  // Called with what was written, before it gets its name. Empty: it is not looked at again.
  std::function<void(const ByteSource&)> verify = {};
  bool must_verify = false;                // what cannot be looked at again is refused
  std::vector<std::string> read_too = {};  // files besides the input that must not be written
};

// What `write` gives to the sink it is called with stands at the target when this returns, on disk
// and with the input's permissions and times. A failure and an interruption leave nothing there.
// False: it went to a stream or a device, and nothing is kept. Throws std::runtime_error for a file
// that is there already, and as PartFile.
bool write_result(const InputFile& input, const Target& target,
                  const std::function<void(const ByteSink&)>& write);

}  // namespace evalzip
