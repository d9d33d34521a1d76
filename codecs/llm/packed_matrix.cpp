#include "codecs/llm/packed_matrix.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "codecs/llm/lanes.h"

namespace evalzip {

PackedMatrix::PackedMatrix(std::size_t columns, std::size_t depth)
    : columns_(columns), depth_(depth), quads_((depth + kQuadDepth - 1) / kQuadDepth) {
  const std::size_t padded = (columns + kPanelColumns - 1) / kPanelColumns * kPanelColumns;
  panels_.resize(padded * quads_ * kQuadDepth);
  corrections_.resize(padded);
  scales_.resize(padded);
}

std::uint64_t PackedMatrix::bytes(std::size_t columns, std::size_t depth) {
  const std::uint64_t padded_columns = lanes::round_up(columns);
  const std::uint64_t padded_depth = (depth + kQuadDepth - 1) / kQuadDepth * kQuadDepth;
  return padded_columns * (padded_depth + sizeof(std::int32_t) + sizeof(float));
}

void PackedMatrix::set_column(std::size_t column, std::span<const float> weights) {
  assert(column < columns_ && weights.size() == depth_);
  float largest = 0;
  for (const float w : weights) largest = std::max(largest, std::abs(w));
  const float factor = largest > lanes::kSmallestSize ? 127.0f / largest : 0.0f;
  std::int8_t* at = panels_.data() + column / kPanelColumns * quads_ * kQuadBytes +
                    column % kPanelColumns * kQuadDepth;
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < depth_; ++k) {
    constexpr float kUnitsInLastPlace = 12582912.0f;  // see lanes::nearest
    const float scaled = std::clamp(weights[k] * factor, -127.0f, 127.0f);
    const auto q = static_cast<std::int8_t>((scaled + kUnitsInLastPlace) - kUnitsInLastPlace);
    at[k / kQuadDepth * kQuadBytes + k % kQuadDepth] = q;
    sum += q;
  }
  corrections_[column] = -std::int32_t{kRowBias} * sum;
  scales_[column] = largest / 127.0f;
}

Int8Product PackedMatrix::product(std::size_t first, std::size_t count) const {
  const std::size_t stride = quads_ * kQuadBytes;
  return {.panels = panels_.data() + first * stride,
          .panel_count = count,
          .panel_stride = stride,
          .quads = quads_,
          .bias = kRowBias,
          .corrections = corrections_.data() + first * kPanelColumns};
}

}  // namespace evalzip
