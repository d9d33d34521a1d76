// The fields of a container in memory: little-endian numbers, digests, and texts after their length
// in 16 bits.
#pragma once

#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/content_hash.h"
#include "codecs/little_endian.h"
#include "container/container_error.h"

namespace evalzip {

// The first half of XXH3-128: enough to tell a damaged head from a whole one.
using Check = std::array<std::byte, 8>;

inline Check check_of(const Digest& digest) {
  Check check;
  std::memcpy(check.data(), digest.data(), check.size());
  return check;
}

class FieldWriter {
 public:
  template <class Number>
  FieldWriter& number(Number value) {
    append_little_endian(bytes_, value);
    return *this;
  }

  template <std::size_t kSize>
  FieldWriter& array(const std::array<std::byte, kSize>& value) {
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    return *this;
  }

  // Throws std::length_error for 65536 bytes or more.
  FieldWriter& text(std::string_view value) {
    if (value.size() > std::numeric_limits<std::uint16_t>::max()) {
      throw std::length_error("a text of a container is longer than 65535 bytes");
    }
    number(static_cast<std::uint16_t>(value.size()));
    const Bytes bytes = std::as_bytes(std::span(value));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }

  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

// Throws ContainerError (damaged) for a field that is not whole.
class FieldReader {
 public:
  explicit FieldReader(Bytes bytes) : bytes_(bytes) {}

  template <class Number>
  Number number() {
    return load_little_endian<Number>(take(sizeof(Number)));
  }

  template <std::size_t kSize>
  std::array<std::byte, kSize> array() {
    std::array<std::byte, kSize> value;
    std::memcpy(value.data(), take(kSize).data(), kSize);
    return value;
  }

  std::string text() {
    const Bytes bytes = take(number<std::uint16_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::size_t left() const { return bytes_.size(); }

 private:
  Bytes take(std::size_t size) {
    if (size > bytes_.size()) throw damaged("a field is longer than what holds it");
    const Bytes taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }

  Bytes bytes_;
};

}  // namespace evalzip
