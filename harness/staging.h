// Documents and models on the disk of the machine that needs them, fetched from the shared file
// system once per machine and not once per process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "harness/worker_protocol.h"

namespace evalzip {

// `bytes` of a file and their SHA-256, lower-case hex.
struct StagedPart {
  std::filesystem::path file;
  Slice bytes;
  std::string sha256;
};

class Stage {
 public:
  // The folder is made where it is not there.
  Stage(std::filesystem::path folder, std::function<bool()> interrupted)
      : folder_(std::move(folder)), interrupted_(std::move(interrupted)) {}

  // A file with exactly these bytes, copied if it is not there yet; other processes that want the
  // same wait meanwhile. Throws std::system_error if there is no room, Changed if the bytes do not
  // have that hash, Interrupted if the user does not want to wait.
  struct Interrupted {};
  class Changed : public std::runtime_error {
   public:
    using std::runtime_error::runtime_error;
  };
  std::filesystem::path place(const StagedPart& part) const;

 private:
  std::filesystem::path folder_;
  std::function<bool()> interrupted_;
};

}  // namespace evalzip
