// Dequantisation of IQ2_XXS: blocks of 256 whose numbers are eight at a time an entry of a codebook
// with signs.
#include <bit>

#include "codecs/llm/dequantise_block.h"
#include "codecs/llm/iq2_xxs_codebook.h"

namespace evalzip::block_formats {
namespace {

// Seven signs are stored; the eighth makes the number of negative ones even.
std::uint32_t eight_signs(std::uint32_t seven) {
  return seven | static_cast<std::uint32_t>(std::popcount(seven) & 1) << 7;
}

void add_eight(std::uint16_t entry, std::uint32_t signs, float scale, float* values) {
  for (std::size_t i = 0; i < 8; ++i) {
    const float magnitude = scale * kIq2XxsMagnitudes[entry >> (2 * i) & 3];
    values[i] = (signs >> i & 1u) != 0 ? -magnitude : magnitude;
  }
}

}  // namespace

// scale, 8 groups of: 4 entries' numbers, a word of 4 x 7 signs and a 4-bit scale above them
void iq2_xxs(const std::uint8_t* block, float* values) {
  const float scale = load_half(block);
  for (std::size_t group = 0; group < 8; ++group) {
    const std::uint8_t* const entries = block + 2 + group * 8;
    const std::uint32_t word = load_32(entries + 4);
    const float group_scale = scale * (static_cast<float>(word >> 28) + 0.5f) * 0.25f;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint32_t signs = eight_signs(word >> (7 * i) & 127u);
      add_eight(kIq2XxsCodebook[entries[i]], signs, group_scale, values);
      values += 8;
    }
  }
}

}  // namespace evalzip::block_formats
