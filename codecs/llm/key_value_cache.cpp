#include "codecs/llm/key_value_cache.h"

#include <array>
#include <cstring>

#include "codecs/llm/lanes.h"

namespace evalzip {
namespace {

using HeadBytes = std::array<std::uint8_t, 256>;  // the largest head

// Of what the bytes mean: they are biased, and so is the padding. Four sums at once, below 2^16.
std::int32_t sum_of_bytes(const HeadBytes& bytes, std::size_t padded) {
  constexpr std::uint64_t kEven = 0x00ff00ff00ff00ff, kOnes = 0x0001000100010001;
  std::uint64_t sums = 0;
  for (std::size_t k = 0; k < padded; k += sizeof sums) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes.data() + k, sizeof eight);
    sums += (eight & kEven) + (eight >> 8 & kEven);
  }
  return static_cast<std::int32_t>(sums * kOnes >> 48) -
         std::int32_t{kRowBias} * static_cast<std::int32_t>(padded);
}

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
  const std::int32_t sum = sum_of_bytes(q, lanes::round_up(head_size_));
  for (std::size_t k = 0; k < head_size_; k += kQuadDepth) {
    constexpr std::uint32_t kBiases = kRowBias * 0x01010101u;
    std::uint32_t quad;
    std::memcpy(&quad, q.data() + k, sizeof quad);
    quad ^= kBiases;
    std::memcpy(at + k * kPanelColumns, &quad, sizeof quad);
  }
  key_corrections_[slot] = -std::int32_t{kRowBias} * sum;
}

void KeyValueCache::set_value(std::size_t layer, std::size_t head, std::size_t position,
                              const float* values, const RowKernels& kernels) {
  HeadBytes q;
  const std::size_t first = place(layer, head) * positions_;
  value_scales_[first + position] = kernels.quantise(values, head_size_, q.data());
  kernels.place_in_quads({.values = q.data(),
                          .panel_count = value_panels_,
                          .panels = values_.data() + first * value_panels_ * kPanelColumns +
                                    position / kQuadDepth * kQuadBytes,
                          .panel_stride = positions_ * kPanelColumns,
                          .depth = position % kQuadDepth});
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
