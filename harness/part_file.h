// A file that is written beside its name and gets the name when it is whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace evalzip {

// Makes `.NAME.evalzip-part` beside the file called NAME; one name for all, so that what a killed
// process left is taken away by the next. It is locked: two processes never write into one. Throws
// std::system_error that names `path`; after that, and unless commit() was called, the destructor
// removes the part.
class PartFile {
 public:
  // `mode` as of open(2).
  explicit PartFile(std::filesystem::path path, unsigned mode = 0666);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void sync();  // to disk
  // Syncs, then gives the part its name. Throws std::runtime_error if a file of that name is there
  // and may not be replaced.
  void commit(bool replace = true);

  // What the part of a file is called.
  static std::filesystem::path part_of(const std::filesystem::path& path);

  int descriptor() const { return descriptor_; }
  const std::filesystem::path& part() const { return part_; }

 private:
  [[noreturn]] void fail(int error) const;

  std::filesystem::path path_, part_;
  int descriptor_ = -1;
  bool committed_ = false;
};

}  // namespace evalzip
