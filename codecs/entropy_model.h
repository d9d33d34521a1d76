// The contract between models and coders: exact integers, symbol -> interval of a total.
//
// A model says how likely each symbol is by giving it a slice of the integers [0, total); a coder
// spends log2(total / width) bits on a slice. Neither includes the other. Both sides of a
// transmission ask the model the same questions in the same order, so a model may be anything that
// is a function of the symbols before: a table, counts that adapt, a neural network. It must never
// hand over a float: rounding happens once, inside the model, and the rest is exact.
//
// Three coders take intervals: RangeEncoder writes them, RangeDecoder reads them (range_coder.h),
// CodeLengthMeter below only adds up what a perfect coder would spend.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <span>

namespace evalzip {

using Symbol = std::uint32_t;

// The slice [low, low + width) of [0, total) that one symbol owns.
struct Interval {
  std::uint32_t low, width;

  friend bool operator==(const Interval&, const Interval&) = default;
};

// Laws, for the symbols 0, 1, ..., n - 1 of the model's alphabet, between any two updates:
//   every width > 0: a symbol that cannot be coded has no place in the alphabet;
//   the intervals tile [0, total) in symbol order: low(0) = 0, low(s + 1) = low(s) + width(s), and
//   the last one ends at total;
//   find is the inverse: interval(find(p)) contains p for all p < total;
//   total < 2^32, and interval and find change no answer.
// update tells the model which symbol came; it may change everything, total included.
template <class M>
concept EntropyModel = requires(M model, const M& view, Symbol symbol, std::uint32_t point) {
  { view.total() } -> std::same_as<std::uint32_t>;
  { view.interval(symbol) } -> std::same_as<Interval>;
  { view.find(point) } -> std::same_as<Symbol>;
  { model.update(symbol) } -> std::same_as<void>;
};

// A model whose total is always 2^kTotalBits, 1 <= kTotalBits <= 31: the coder shifts where it
// would divide.
template <class M>
concept PowerOfTwoModel = EntropyModel<M> && requires {
  { M::kTotalBits } -> std::convertible_to<unsigned>;
};

// A model of one bit, the special case that context mixing lives on. It answers the probability of
// a one in units of 2^-kProbabilityBits, 1 <= kProbabilityBits <= 32. Law: 0 < p <
// 2^kProbabilityBits.
template <class M>
concept BinaryModel = requires(M model, const M& view, bool bit) {
  { M::kProbabilityBits } -> std::convertible_to<unsigned>;
  { view.probability_of_one() } -> std::same_as<std::uint32_t>;
  { model.update(bit) } -> std::same_as<void>;
};

// What encode() asks of the thing it encodes into.
template <class E>
concept IntervalEncoder = requires(E encoder, Interval interval, std::uint32_t number, bool bit) {
  encoder.put(interval, number);            // of [0, number)
  encoder.put_power_of_two(interval, 16u);  // of [0, 2^16)
  encoder.put_bit(bit, number, 16u);        // a one has probability number / 2^16
};

// Adds up the ideal code length of the intervals put into it.
class CodeLengthMeter {
 public:
  void put(Interval interval, std::uint32_t total) {
    bits_ += std::log2(static_cast<double>(total) / interval.width);
  }
  void put_power_of_two(Interval interval, unsigned total_bits) {
    bits_ += total_bits - std::log2(static_cast<double>(interval.width));
  }
  void put_bit(bool bit, std::uint32_t probability_of_one, unsigned probability_bits) {
    const double all = std::ldexp(1.0, static_cast<int>(probability_bits));
    const double width = bit ? probability_of_one : all - probability_of_one;
    bits_ += probability_bits - std::log2(width);
  }
  double bits() const { return bits_; }

 private:
  double bits_ = 0;
};

// The next four are the inner loops of every codec here. They are inlined by force: the state of a
// coder stays in registers only where nothing is called.
template <EntropyModel Model, IntervalEncoder Encoder>
[[gnu::always_inline]] inline void encode_symbol(Model& model, Symbol symbol, Encoder& encoder) {
  if constexpr (PowerOfTwoModel<Model>) {
    encoder.put_power_of_two(model.interval(symbol), Model::kTotalBits);
  } else {
    encoder.put(model.interval(symbol), model.total());
  }
  model.update(symbol);
}

template <EntropyModel Model, class Decoder>
[[gnu::always_inline]] inline Symbol decode_symbol(Model& model, Decoder& decoder) {
  Symbol symbol = 0;
  if constexpr (PowerOfTwoModel<Model>) {
    symbol = model.find(decoder.point_power_of_two(Model::kTotalBits));
  } else {
    symbol = model.find(decoder.point(model.total()));
  }
  decoder.drop(model.interval(symbol));
  model.update(symbol);
  return symbol;
}

template <BinaryModel Model, IntervalEncoder Encoder>
[[gnu::always_inline]] inline void encode_bit(Model& model, bool bit, Encoder& encoder) {
  encoder.put_bit(bit, model.probability_of_one(), Model::kProbabilityBits);
  model.update(bit);
}

template <BinaryModel Model, class Decoder>
[[gnu::always_inline]] inline bool decode_bit(Model& model, Decoder& decoder) {
  const bool bit = decoder.get_bit(model.probability_of_one(), Model::kProbabilityBits);
  model.update(bit);
  return bit;
}

template <EntropyModel Model, IntervalEncoder Encoder>
void encode(Model& model, std::span<const Symbol> symbols, Encoder& encoder) {
  for (const Symbol symbol : symbols) encode_symbol(model, symbol, encoder);
}

template <EntropyModel Model, class Decoder>
void decode(Model& model, std::span<Symbol> symbols, Decoder& decoder) {
  for (Symbol& symbol : symbols) symbol = decode_symbol(model, decoder);
}

// What a perfect coder would spend, in bits. The gap to encode() is the coder's own loss.
template <EntropyModel Model>
double ideal_bits(Model& model, std::span<const Symbol> symbols) {
  CodeLengthMeter meter;
  encode(model, symbols, meter);
  return meter.bits();
}

}  // namespace evalzip
