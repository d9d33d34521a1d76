// GGUF files spelt out byte by byte, so that tests can say what no honest writer would.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/codec.h"
#include "codecs/little_endian.h"

namespace evalzip {

class RawGguf {
 public:
  RawGguf(std::uint32_t version, std::uint64_t tensors, std::uint64_t keys) {
    put_letters("GGUF");
    put(version);
    put(tensors);
    put(keys);
  }

  template <class Number>
  RawGguf& put(Number number) {
    append_little_endian(bytes_, number);
    return *this;
  }

  RawGguf& put_letters(std::string_view letters) {
    for (const char letter : letters) bytes_.push_back(static_cast<std::byte>(letter));
    return *this;
  }

  // A length and that many letters.
  RawGguf& put_text(std::string_view text) {
    put(std::uint64_t{text.size()});
    return put_letters(text);
  }

  RawGguf& put_key(std::string_view key, std::uint32_t type) {
    put_text(key);
    return put(type);
  }

  // `sizes` as the file has them: the length of a row first.
  RawGguf& put_tensor(std::string_view name, const std::vector<std::uint64_t>& sizes,
                      std::uint32_t type, std::uint64_t offset) {
    put_text(name);
    put(static_cast<std::uint32_t>(sizes.size()));
    for (const std::uint64_t size : sizes) put(size);
    put(type);
    return put(offset);
  }

  // Zeros up to a multiple of `alignment`, then `count` bytes 0, 1, 2, ...
  RawGguf& put_area(std::size_t count, std::size_t alignment = 32) {
    while (bytes_.size() % alignment != 0) bytes_.push_back(std::byte{0});
    for (std::size_t i = 0; i < count; ++i) bytes_.push_back(static_cast<std::byte>(i));
    return *this;
  }

  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace evalzip
