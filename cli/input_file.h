// A file to be compressed or decompressed, or standard input.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "container/byte_stream.h"
#include "harness/part_file.h"

namespace evalzip {

// What stands for standard input or output on the command line.
inline constexpr const char* kStandardStream = "-";

class InputFile {
 public:
  // Throws std::system_error that names the file, std::runtime_error for a folder.
  explicit InputFile(const std::string& name);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& name() const { return name_; }  // for messages
  bool is_standard() const { return standard_; }
  bool is_regular() const { return S_ISREG(facts_.st_mode); }
  bool is_terminal() const;

  // Takes the file away, unless it is standard input. Throws std::runtime_error if it is no longer
  // what was opened: then it is kept.
  void remove() const;
  // Of a regular file.
  std::optional<std::uint64_t> size() const;

  // From where the last read ended. The file must outlive it.
  ByteSource source() const;
  void read_at(std::uint64_t offset, MutableBytes bytes) const;

  // Gives the part of another file the permissions, the owner and the time of change of this one,
  // as far as the system lets us. Does nothing if this is not a regular file with a name.
  void lend_attributes(const PartFile& file) const;

 private:
  std::string name_;
  bool standard_;
  int descriptor_;
  struct stat facts_ {};
  std::filesystem::file_time_type written_{};
};

}  // namespace evalzip
