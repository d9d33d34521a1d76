// Records of fixed length and slowly changing numbers, found by comparing bytes with earlier ones.
#pragma once

#include <cstddef>
#include <optional>

#include "codecs/codec.h"

namespace evalzip {

inline constexpr std::size_t kLongestRecord = 1024;

struct RecordLength {
  std::size_t bytes = 0;
  double agreement = 0;  // share of bytes equal to the one a record earlier
  double chance = 0;     // the same share if bytes were independent
};

// The distance at which bytes agree far more often than at the distances around it, and at its
// double too; the least of those about as good as the best. Absent where there is none, as in text.
// Reads at most the first 2^20 bytes; one thread, about 0.1 s.
std::optional<RecordLength> record_length(Bytes document);

struct Stride {
  std::size_t bytes = 0;
  double entropy_bits = 0;  // of a byte: order 0 of the differences
};

// The distance, of 1 to 8 and `record` if not 0, at which the differences of bytes have the least
// order-0 entropy. Absent where none is below the bytes' own by more than a twentieth.
std::optional<Stride> best_stride(Bytes document, std::size_t record);

}  // namespace evalzip
