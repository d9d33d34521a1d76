// The part of a download that has come so far, and what is needed to go on from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "corpora/posix_file.h"

namespace evalzip {

// Files target.part and target.part.origin (the address and the entity tag the bytes came with).
// All functions throw CorpusError (environment) when the disk does not take the bytes.
class PartialFile {
 public:
  explicit PartialFile(const std::filesystem::path& target);
  ~PartialFile();  // an empty partial file is removed
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  std::uint64_t size() const { return size_; }
  void append(std::span<const std::byte> bytes);
  void restart();  // drops everything that has come

  // What the server called this version of the file (ETag, or Last-Modified), if these bytes came
  // from this address. Resuming with it makes a server that changed the file send the whole of it.
  std::optional<std::string> validator(const std::string& address) const;
  // False when the bytes came from another address.
  bool came_from(const std::string& address) const;
  void set_origin(const std::string& address, const std::string& validator);

  void flush();
  void move_to_target();  // the partial file is gone afterwards
  void remove();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path target_, path_, origin_path_;
  FileDescriptor descriptor_;
  std::uint64_t size_ = 0;
  std::string address_, validator_;
};

}  // namespace evalzip
