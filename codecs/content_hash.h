// XXH3-128 (Yann Collet, 2019): tells equal bytes from different ones at memory speed. Not for
// adversaries.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace evalzip {

// In xxHash's canonical order, the one `xxh128sum` prints.
using Digest = std::array<std::byte, 16>;

class ContentHash {
 public:
  ContentHash();  // throws std::bad_alloc
  void add(std::span<const std::byte> bytes);
  void add(std::string_view text) { add(std::as_bytes(std::span(text))); }

  // Of all bytes added so far.
  Digest digest() const;
  std::string hex() const;

 private:
  std::shared_ptr<void> state_;
};

Digest digest_of(std::span<const std::byte> bytes);

// 32 lower-case digits.
std::string hex(const Digest& digest);

}  // namespace evalzip
