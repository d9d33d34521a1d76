// Whether documents and models are still what was planned with.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "harness/worker_protocol.h"

namespace evalzip {

// `bytes` of a file and their SHA-256, lower-case hex.
struct InputPart {
  std::string file;
  Slice bytes;
  std::string sha256;
};

// Reads each part once and remembers. Not thread-safe.
class InputCheck {
 public:
  // Empty if the bytes have that hash; else why not.
  const std::string& problem(const InputPart& part);

  // Of a file that was written anew.
  void forget(const InputPart& part) { known_.erase(key(part)); }

 private:
  using Key = std::tuple<std::string, std::uint64_t, std::uint64_t, std::string>;
  static Key key(const InputPart& part) {
    return {part.file, part.bytes.offset, part.bytes.size, part.sha256};
  }

  std::map<Key, std::string> known_;
};

}  // namespace evalzip
