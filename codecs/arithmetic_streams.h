// Symbols dealt out to several range coders in turn, so that their long chains of dependent
// operations run side by side.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "codecs/entropy_model.h"
#include "codecs/range_coder.h"

namespace evalzip {

// Calls step(position, coder) for every position below `count`, in order.
template <std::size_t kCoders, class Coder, class Step>
[[gnu::always_inline]] inline void in_turn(std::size_t count, std::array<Coder, kCoders>& coders,
                                           Step step) {
  std::size_t at = 0;
  // Written out for each coder, so that the compiler knows them one by one.
  const auto once = [&]<std::size_t... kEach>(std::index_sequence<kEach...>) {
    for (; at + kCoders <= count; at += kCoders) (step(at + kEach, coders[kEach]), ...);
    ((at + kEach < count ? step(at + kEach, coders[kEach]) : void()), ...);
  };
  once(std::make_index_sequence<kCoders>());
}

// Bytes that stand for symbols, or symbols for bytes, by a table of what each stands for.
using Translation = std::array<std::uint8_t, 256>;

// Symbols to encode: those that the bytes stand for.
struct SymbolSource {
  std::span<const std::uint8_t> bytes;
  const Translation& symbol_of;

  std::size_t size() const { return bytes.size(); }
  Symbol operator[](std::size_t at) const { return symbol_of[bytes[at]]; }
};

// Where decoded symbols go, as the bytes that they stand for.
struct SymbolSink {
  std::span<std::uint8_t> bytes;
  const Translation& byte_of;
};

// The symbol at position i goes to coder i mod kCoders. All share one set of models, which sees the
// symbols in their order: the split costs a few bytes at the ends of the streams and nothing else.
// `Contexts` is a ContextModels. Encoders and decoders are worked on as copies, which can live in
// registers.
template <std::size_t kCoders, class Contexts, IntervalEncoder Encoder>
void encode_in_turn(SymbolSource symbols, Contexts& contexts,
                    std::array<Encoder, kCoders>& result) {
  auto encoders = result;
  in_turn(
      symbols.size(),
      encoders, [&](std::size_t at, Encoder & encoder) __attribute__((always_inline)) {
        const Symbol symbol = symbols[at];
        encode_symbol(contexts.current(), symbol, encoder);
        contexts.push(symbol);
      });
  result = encoders;
}

template <std::size_t kCoders, class Contexts>
void decode_in_turn(SymbolSink symbols, Contexts& contexts,
                    std::array<RangeDecoder, kCoders>& result) {
  auto decoders = result;
  in_turn(
      symbols.bytes.size(),
      decoders, [&](std::size_t at, RangeDecoder & decoder) __attribute__((always_inline)) {
        const Symbol symbol = decode_symbol(contexts.current(), decoder);
        symbols.bytes[at] = symbols.byte_of[symbol];
        contexts.push(symbol);
      });
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
