// SHA-256 (FIPS 180-4), by OpenSSL: how streams name models.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include "codecs/codec.h"

namespace evalzip {

using Sha256 = std::array<std::byte, 32>;

// Throws std::runtime_error where OpenSSL refuses.
class Sha256Hash {
 public:
  Sha256Hash();
  ~Sha256Hash();
  Sha256Hash(const Sha256Hash&) = delete;
  Sha256Hash& operator=(const Sha256Hash&) = delete;

  void add(Bytes bytes);
  Sha256 finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256 sha256_of(Bytes bytes);

// In lower-case digits.
std::string hexadecimal(Bytes bytes);

}  // namespace evalzip
