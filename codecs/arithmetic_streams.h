// Symbols dealt out to several range coders in turn, so that their long chains of dependent
// operations run side by side.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/entropy_model.h"
#include "codecs/range_coder.h"

namespace evalzip {

// The symbol at position i goes to coder i mod kCoders. All share one set of models, which sees the
// symbols in their order: the split costs a few bytes at the ends of the streams and nothing else.
// `Contexts` is a ContextModels.
template <std::size_t kCoders, class Contexts, IntervalEncoder Encoder>
void encode_in_turn(std::span<const std::uint8_t> symbols, Contexts& contexts,
                    std::array<Encoder, kCoders>& result) {
  auto encoders = result;  // a local copy can live in registers
  const auto step = [&](std::size_t at, Encoder& encoder) {
    const Symbol symbol = symbols[at];
    encode_symbol(contexts.current(), symbol, encoder);
    contexts.push(symbol);
  };
  std::size_t at = 0;
  for (; at + kCoders <= symbols.size(); at += kCoders) {
    for (std::size_t i = 0; i < kCoders; ++i) step(at + i, encoders[i]);
  }
  for (std::size_t i = 0; at + i < symbols.size(); ++i) step(at + i, encoders[i]);
  result = encoders;
}

template <std::size_t kCoders, class Contexts>
void decode_in_turn(std::span<std::uint8_t> symbols, Contexts& contexts,
                    std::array<RangeDecoder, kCoders>& result) {
  auto decoders = result;
  const auto step = [&](std::size_t at, RangeDecoder& decoder) {
    const Symbol symbol = decode_symbol(contexts.current(), decoder);
    symbols[at] = static_cast<std::uint8_t>(symbol);
    contexts.push(symbol);
  };
  std::size_t at = 0;
  for (; at + kCoders <= symbols.size(); at += kCoders) {
    for (std::size_t i = 0; i < kCoders; ++i) step(at + i, decoders[i]);
  }
  for (std::size_t i = 0; at + i < symbols.size(); ++i) step(at + i, decoders[i]);
  result = decoders;
}

// Behind the last symbol each stream carries this one of 256 equally likely: a decoder that has
// lost its way misses it 255 times in 256 (an end mark as error check: Boyd, Cleary et al. 1997).
constexpr Interval kEndMark = {0xA6, 1};
constexpr unsigned kEndMarkBits = 8;

inline void put_end_mark(RangeEncoder& encoder) {
  encoder.put_power_of_two(kEndMark, kEndMarkBits);
}

// Whether the stream ends here as an encoder ends it.
inline bool ends_well(RangeDecoder& decoder) {
  const bool marked = decoder.point_power_of_two(kEndMarkBits) == kEndMark.low;
  decoder.drop(kEndMark);
  return marked && decoder.whole();
}

}  // namespace evalzip
