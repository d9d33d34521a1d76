// How often each byte occurs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "codecs/codec.h"

namespace evalzip {

using ByteHistogram = std::array<std::uint32_t, 256>;

// The fastest way this machine knows. bytes.size() < 2^32.
ByteHistogram count_bytes(Bytes bytes);

// Counts bytes on any machine.
class ByteCounter {
 public:
  void add(Bytes bytes);
  ByteHistogram total() const;

 private:
  // A counter is loaded, raised and stored; the next rise of the same counter waits until that
  // store is forwarded. Several tables let equal neighbours go to different counters.
  static constexpr std::size_t kTables = 8;
  // Rows that are not 1,024 bytes apart: processors take a load for one of a pending store if the
  // addresses agree modulo 4,096.
  static constexpr std::size_t kRow = 256 + 16;

  std::array<std::array<std::uint32_t, kRow>, kTables> tables_{};
};

// count_bytes with AVX-512 (cpu_features.h: has_avx512).
ByteHistogram count_bytes_avx512(Bytes bytes);

}  // namespace evalzip
