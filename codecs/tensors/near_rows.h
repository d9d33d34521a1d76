// Rows of a matrix that are nearly the same. Embeddings have them: words that training hardly met
// keep rows that differ in their last bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "codecs/codec.h"
#include "codecs/tensors/number_format.h"

namespace evalzip {

// How near a row is to the template: into how many bits its differences fit.
inline constexpr std::uint8_t kPlainRow = 0;  // it is coded for itself
inline constexpr std::uint8_t kNearestRow = 1, kFarthestRow = 3;

struct NearRows {
  std::size_t pattern = 0;            // the row that others are near to; a plain one
  std::vector<std::uint8_t> classes;  // of each row
};

// Absent where a sample of the rows has none that are near to each other. `rows` are whole rows of
// `row_bytes`, of numbers that have differences.
std::optional<NearRows> find_near_rows(const NumberFormat& numbers, Bytes rows,
                                       std::size_t row_bytes);

}  // namespace evalzip
