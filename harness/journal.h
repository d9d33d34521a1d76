// The append-only file beside run.json from which a killed run resumes: a line per finished round
// of a cell.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/record.h"

namespace evalzip {

// What one worker pair found out about a cell.
struct RoundResult {
  unsigned round = 0;
  double wall_seconds = 0, codec_seconds = 0;
  Record record;  // of this round alone
};

class Journal {
 public:
  // Opens `file` for appending, creating it with a first line that holds `arguments`. With `resume`
  // the lines that are there are kept, except a last one that a kill cut short; without, they go.
  // Throws std::system_error naming the file, std::runtime_error if it is not a journal.
  Journal(const std::filesystem::path& file, const std::vector<std::string>& arguments,
          bool resume);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // On disk when this returns. Throws std::system_error, for example when the disk is full.
  void append(const RoundResult& result);

  // What was there when the journal was opened.
  const std::vector<RoundResult>& earlier() const { return earlier_; }

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::vector<RoundResult> earlier_;
};

// The results of a journal on disk, without opening it for writing.
std::vector<RoundResult> read_journal(const std::filesystem::path& file);

// The arguments of the run that began a journal.
std::vector<std::string> journal_arguments(const std::filesystem::path& file);

}  // namespace evalzip
