#include "codecs/llm/key_value_cache.h"

#include <array>
#include <cstring>

#include "codecs/llm/lanes.h"

namespace evalzip {
namespace {

using HeadBytes = std::array<std::uint8_t, 256>;  // the largest head

}  // namespace

KeyValueCache::KeyValueCache(const TransformerShape& shape, std::size_t positions)
    : heads_(shape.key_heads),
      head_size_(shape.head_size),
      value_panels_(lanes::round_up(shape.head_size) / kPanelColumns),
      positions_(lanes::round_up(positions)) {
  const std::size_t slots = shape.layers * heads_ * positions_;
  keys_.resize(slots * head_size_);
  values_.resize(slots * value_panels_ * kPanelColumns);
  key_corrections_.resize(slots);
  key_scales_.resize(slots);
  value_scales_.resize(slots);
}

std::size_t KeyValueCache::bytes(const TransformerShape& shape, std::size_t positions) {
  const std::size_t slots = shape.layers * shape.key_heads * lanes::round_up(positions);
  return slots * (shape.head_size + lanes::round_up(shape.head_size) + sizeof(std::int32_t) +
                  2 * sizeof(float));
}

void KeyValueCache::set_key(std::size_t layer, std::size_t head, std::size_t position,
                            const float* values, const RowKernels& kernels) {
  HeadBytes q;
  const std::size_t slot = place(layer, head) * positions_ + position;
  key_scales_[slot] = kernels.quantise(values, head_size_, q.data());
  const std::size_t column = position % kPanelColumns;
  std::int8_t* at = keys_.data() + (slot - column) * head_size_ + column * kQuadDepth;
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < head_size_; ++k) {
    q[k] ^= kRowBias;
    sum += static_cast<std::int8_t>(q[k]);
  }
  for (std::size_t k = 0; k < head_size_; k += kQuadDepth) {
    std::memcpy(at + k * kPanelColumns, q.data() + k, kQuadDepth);
  }
  key_corrections_[slot] = -std::int32_t{kRowBias} * sum;
}

void KeyValueCache::set_value(std::size_t layer, std::size_t head, std::size_t position,
                              const float* values, const RowKernels& kernels) {
  HeadBytes q;
  const std::size_t first = place(layer, head) * positions_;
  value_scales_[first + position] = kernels.quantise(values, head_size_, q.data());
  std::int8_t* at = values_.data() + first * value_panels_ * kPanelColumns +
                    position / kQuadDepth * kQuadBytes + position % kQuadDepth;
  const std::size_t panel_stride = positions_ * kPanelColumns;
  for (std::size_t c = 0; c < head_size_; ++c) {
    at[c / kPanelColumns * panel_stride + c % kPanelColumns * kQuadDepth] =
        static_cast<std::int8_t>(q[c] ^ kRowBias);
  }
}

Int8Product KeyValueCache::key_product(std::size_t layer, std::size_t head,
                                       std::size_t positions) const {
  const std::size_t first = place(layer, head) * positions_;
  return {.panels = keys_.data() + first * head_size_,
          .panel_count = lanes::round_up(positions) / kPanelColumns,
          .panel_stride = kPanelColumns * head_size_,
          .quads = head_size_ / kQuadDepth,
          .bias = kRowBias,
          .corrections = key_corrections_.data() + first};
}

Int8Product KeyValueCache::value_product(std::size_t layer, std::size_t head,
                                         std::size_t positions) const {
  const std::size_t first = place(layer, head) * positions_;
  return {.panels = values_.data() + first * value_panels_ * kPanelColumns,
          .panel_count = value_panels_,
          .panel_stride = positions_ * kPanelColumns,
          .quads = lanes::round_up(positions) / kQuadDepth,
          .bias = 0,
          .corrections = nullptr};
}

}  // namespace evalzip
