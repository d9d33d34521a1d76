// Symbols dealt out to several range coders in turn, so that their long chains of dependent
// operations run side by side.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "codecs/entropy_model.h"
#include "codecs/range_coder.h"

namespace evalzip {

// Calls step(position, coder) for every position below `count`, in order, with copies of the coders
// that are put back at the end. All is inlined by force and each copy is a variable of its own, so
// that the compiler knows the coders one by one: an array or a closure it would keep in memory.
template <std::size_t... kEach, class Coders, class Step>
[[gnu::always_inline]] inline void in_turn(std::index_sequence<kEach...> each, std::size_t count,
                                           Coders& result, Step step) {
  [&](auto... coders) __attribute__((always_inline)) {
    std::size_t at = 0;
    for (; at + each.size() <= count; at += each.size()) (step(at + kEach, coders), ...);
    ((at + kEach < count ? step(at + kEach, coders) : void()), ...);
    ((result[kEach] = coders), ...);
  }
  (result[kEach]...);
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
// `Contexts` is a ContextModels; the symbols before the first are taken to be 0.
template <std::size_t kCoders, class Contexts, IntervalEncoder Encoder>
[[gnu::always_inline]] inline void encode_in_turn(SymbolSource symbols, Contexts& contexts,
                                                  std::array<Encoder, kCoders>& encoders) {
  typename Contexts::Cursor cursor(contexts);
  in_turn(
      std::make_index_sequence<kCoders>(), symbols.size(),
      encoders, [&](std::size_t at, Encoder & encoder) __attribute__((always_inline)) {
        const Symbol symbol = symbols[at];
        encode_symbol(cursor.current(), symbol, encoder);
        cursor.push(symbol);
      });
}

// Decodes symbols from the front of `symbols` while all streams are far from their ends. Returns
// how many, a multiple of kCoders.
template <std::size_t kCoders, class Step>
[[gnu::always_inline]] inline std::size_t decode_ahead(std::size_t symbols,
                                                       std::array<RangeDecoder, kCoders>& decoders,
                                                       Step step) {
  constexpr std::size_t kWorthwhile = 16;  // rounds
  std::size_t done = 0;
  while (true) {
    std::size_t rounds = (symbols - done) / kCoders;
    for (const RangeDecoder& decoder : decoders) {
      rounds = std::min(rounds, decoder.symbols_ahead());
    }
    if (rounds < kWorthwhile) return done;
    [&]<std::size_t... kEach>(std::index_sequence<kEach...> each) __attribute__((always_inline)) {
      std::array ahead{decoders[kEach].ahead()...};
      in_turn(
          each, rounds * kCoders, ahead,
          [&](std::size_t at, UncheckedRangeDecoder & decoder)
              __attribute__((always_inline)) { step(done + at, decoder); });
      (decoders[kEach].catch_up(ahead[kEach]), ...);
    }
    (std::make_index_sequence<kCoders>());
    done += rounds * kCoders;
  }
}

template <std::size_t kCoders, class Contexts>
[[gnu::always_inline]] inline void decode_in_turn(SymbolSink symbols, Contexts& contexts,
                                                  std::array<RangeDecoder, kCoders>& decoders) {
  typename Contexts::Cursor cursor(contexts);
  const auto step = [&](std::size_t at, auto& decoder) __attribute__((always_inline)) {
    const Symbol symbol = decode_symbol(cursor.current(), decoder);
    symbols.bytes[at] = symbols.byte_of[symbol];
    cursor.push(symbol);
  };
  std::size_t done = 0;
  if constexpr (PowerOfTwoModel<std::remove_reference_t<decltype(cursor.current())>>) {
    done = decode_ahead(symbols.bytes.size(), decoders, step);
  }
  in_turn(
      std::make_index_sequence<kCoders>(), symbols.bytes.size() - done,
      decoders, [&](std::size_t at, RangeDecoder & decoder) __attribute__((always_inline)) {
        step(done + at, decoder);
      });
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
