// A whole file as read-only memory, paged in as it is touched.
#pragma once

#include <filesystem>

#include "codecs/codec.h"

namespace evalzip {

class MappedFile {
 public:
  // Throws ModelError, naming the path and the system's reason, for what is not a readable regular
  // file. A file that another process shortens while it is mapped ends this one with SIGBUS.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // Valid as long as this object; aligned to a page.
  Bytes bytes() const { return bytes_; }

  // Pages read so far no longer count as this process's memory; they come back when touched.
  void let_go() const;

 private:
  Bytes bytes_;
};

}  // namespace evalzip
