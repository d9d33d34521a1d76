// The format "Arithmetic" of docs/formats.md read as plainly as it is written there: slow, short,
// and independent of the coder in codecs/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace evalzip::textbook {

using Numbers = std::vector<std::uint64_t>;

// Bytes taken one by one; zeros past the end.
struct Tape {
  std::vector<std::uint8_t> bytes;
  std::size_t at = 0;

  std::uint64_t next() { return at < bytes.size() ? bytes[at++] : 0; }
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= next() << 8 * i;
    return value;
  }
};

// The number in the stream, minus where the current interval begins, and the interval's size.
class RangeDecoder {
 public:
  explicit RangeDecoder(std::vector<std::uint8_t> bytes) : tape_{std::move(bytes)} {
    for (int i = 0; i < 8; ++i) code_ = code_ * 256 + tape_.next();
  }

  // The symbol of which the widths make up the total, found by walking along them.
  std::size_t symbol(const Numbers& widths) {
    std::uint64_t total = 0;
    for (const std::uint64_t width : widths) total += width;
    const std::uint64_t unit = range_ / total;
    std::size_t symbol = 0;
    while (symbol + 1 < widths.size() && code_ >= unit * widths[symbol]) {
      code_ -= unit * widths[symbol++];
    }
    become(unit * widths[symbol]);
    return symbol;
  }

  // A one has `one` units of 2^-16 of the range, a zero all the rest.
  bool bit(std::uint64_t one) {
    const std::uint64_t ones = (range_ >> 16) * one;
    const bool is_one = code_ < ones;
    if (!is_one) code_ -= ones;
    become(is_one ? ones : range_ - ones);
    return is_one;
  }

 private:
  void become(std::uint64_t range) {
    range_ = range;
    while (range_ < std::uint64_t{1} << 56) {
      range_ *= 256;
      code_ = code_ * 256 + tape_.next();
    }
  }

  Tape tape_;
  std::uint64_t code_ = 0, range_ = ~std::uint64_t{0};
};

// What predicts a symbol: it decodes one and learns from it.
struct Model {
  virtual ~Model() = default;
  virtual std::size_t decode(RangeDecoder& decoder) = 0;
};

struct Fixed : Model {
  explicit Fixed(Numbers shares) : widths(std::move(shares)) {}
  std::size_t decode(RangeDecoder& decoder) override { return decoder.symbol(widths); }

  Numbers widths;
};

struct Adaptive : Model {
  Adaptive(std::size_t alphabet, bool is_following) : size(alphabet), following(is_following) {
    while (prior * 2 <= size / 16) prior *= 2;
    gain = 32768 / prior;
    recent.assign(size, 0);
    slow.assign(size, 32768 / size);
    fast.assign(size, 65535 / size);
    remake(0, 0);
  }

  std::size_t decode(RangeDecoder& decoder) override {
    const std::size_t symbol = decoder.symbol(widths);
    ++recent[symbol];
    if (++counted < interval) return symbol;
    remake(symbol, interval);
    seen = std::min<std::uint64_t>(seen + interval, 300);
    interval = std::min<std::uint64_t>(seen, following ? 96 : 256);
    counted = 0;
    return symbol;
  }

  void remake(std::size_t latest, std::uint64_t n) {
    std::uint64_t halvings = 0;
    for (; total + n * gain >= 65536; ++halvings) {
      total /= 2;
      gain = std::max<std::uint64_t>(gain / 2, 2);
    }
    total += n * gain;
    const std::uint64_t fast_gain = 65535 / (std::min<std::uint64_t>(seen + prior, 300) + n);
    const std::uint64_t half = (65536 - size) / 2;
    widths.assign(size, 1);
    std::uint64_t left = 65536 - size;
    for (std::size_t i = 0; i < size; ++i) {
      slow[i] = (slow[i] >> halvings) + recent[i] * gain;
      fast[i] = (fast[i] * (65535 - n * fast_gain) >> 16) + recent[i] * fast_gain;
      const std::uint64_t by_slow = slow[i] * (half * 65536 / total) >> 16;
      const std::uint64_t by_fast = fast[i] * (half * 65536 / 65535) >> 16;
      const std::uint64_t more = by_slow + (following ? by_fast : by_slow);
      widths[i] += more;
      left -= more;
      recent[i] = 0;
    }
    widths[latest] += left;
  }

  std::size_t size;
  bool following;
  std::uint64_t prior = 1, gain = 0, total = 32768, seen = 0, interval = 1, counted = 0;
  Numbers recent, slow, fast, widths;
};

// A bit for each decision on the way to a symbol; `Bit` has the widths of 0 and 1, and learns.
template <class Bit>
struct Tree : Model {
  explicit Tree(std::size_t alphabet) : size(alphabet) {
    while ((std::size_t{1} << depth) < size) ++depth;
  }

  std::size_t decode(RangeDecoder& decoder) override {
    std::size_t symbol = 0;
    for (std::size_t step = std::size_t{1} << depth; (step /= 2) > 0;) {
      if (symbol + step >= size) continue;  // a 1 would lead to no symbol
      Bit& bit = bits[{step, symbol}];
      if (bit.decode(decoder)) symbol += step;
    }
    return symbol;
  }

  std::size_t size, depth = 0;
  std::map<std::pair<std::size_t, std::size_t>, Bit> bits;
};

struct KtBit {
  bool decode(RangeDecoder& decoder) {
    const std::size_t bit = decoder.symbol({2 * seen[0] + 1, 2 * seen[1] + 1});
    ++seen[bit];
    return bit == 1;
  }
  std::uint64_t seen[2] = {0, 0};
};

struct AdaptiveBit {
  bool decode(RangeDecoder& decoder) {
    const std::uint64_t one = std::clamp<std::uint64_t>((fast + slow) / 2, 1, 65535);
    const bool bit = decoder.bit(one);
    for (std::uint64_t* const p : {&fast, &slow}) {
      const std::uint64_t shift = std::min<std::uint64_t>(quarters / 4, p == &fast ? 4 : 7);
      if (bit) {
        *p += (65535 - *p) >> shift;
      } else {
        *p -= *p >> shift;
      }
    }
    quarters = std::min<std::uint64_t>(quarters + 1, 28);
    return bit;
  }
  std::uint64_t fast = 32768, slow = 32768, quarters = 4;
};

inline std::unique_ptr<Model> new_model(unsigned kind, std::size_t alphabet, const Numbers& facts) {
  if (kind == 0) return std::make_unique<Fixed>(facts);
  if (kind == 1) return std::make_unique<Adaptive>(alphabet, facts.at(0) == 1);
  if (kind == 2) return std::make_unique<Tree<AdaptiveBit>>(alphabet);
  return std::make_unique<Tree<KtBit>>(alphabet);
}

inline std::vector<std::uint8_t> read_alphabet(Tape& tape) {
  const std::size_t distinct = tape.next() + 1;
  std::vector<std::uint8_t> bytes;
  if (distinct <= 32) {
    while (bytes.size() < distinct) bytes.push_back(static_cast<std::uint8_t>(tape.next()));
    return bytes;
  }
  std::uint64_t map = 255;
  for (unsigned value = 0; value < 256; ++value) {
    if (value % 8 == 0 && distinct < 256) map = tape.next();
    if (map >> value % 8 & 1) bytes.push_back(static_cast<std::uint8_t>(value));
  }
  return bytes;
}

// The streams of a coded block: all but the last have their lengths before them.
inline std::vector<RangeDecoder> read_streams(Tape& tape, std::size_t count, std::size_t size) {
  std::size_t length_bytes = 0;
  while (size >> 8 * length_bytes > 0) ++length_bytes;
  Numbers lengths;
  while (lengths.size() + 1 < count) lengths.push_back(tape.number(length_bytes));
  auto at = tape.bytes.begin() + static_cast<std::ptrdiff_t>(tape.at);
  std::vector<RangeDecoder> streams;
  for (const std::uint64_t length : lengths) {
    const auto end = at + static_cast<std::ptrdiff_t>(length);
    streams.emplace_back(std::vector<std::uint8_t>(at, end));
    at = end;
  }
  streams.emplace_back(std::vector<std::uint8_t>(at, tape.bytes.end()));
  return streams;
}

// `encoded` must be whole: this is for reading beside the format, not for hostile bytes.
inline std::vector<std::uint8_t> decoded(const std::vector<std::uint8_t>& encoded,
                                         std::size_t size) {
  Tape tape{encoded};
  const std::uint64_t first = tape.next();
  if (first % 4 == 0) return {encoded.begin() + 1, encoded.end()};
  if (first % 4 == 1) return std::vector<std::uint8_t>(size, encoded.at(1));
  const auto kind = static_cast<unsigned>(first >> 4);
  const std::uint64_t order = first >> 2 & 3;

  const std::vector<std::uint8_t> alphabet = read_alphabet(tape);
  std::size_t symbols = alphabet.size(), run = 1;
  for (; kind == 1 && run < 8 && symbols * alphabet.size() <= 256; ++run)
    symbols *= alphabet.size();
  Numbers facts;
  if (kind == 1) facts.push_back(tape.next());
  for (std::size_t i = 0; kind == 0 && i < symbols; ++i) facts.push_back(tape.number(2));

  const std::size_t count = (size + run - 1) / run;
  const std::size_t stream_count = count < 4096 ? 1 : order == 0 ? 5 : 4;
  std::vector<RangeDecoder> streams = read_streams(tape, stream_count, size);
  std::map<std::vector<std::size_t>, std::unique_ptr<Model>> models;
  std::vector<std::size_t> context(order, 0);
  std::vector<std::uint8_t> block;
  for (std::size_t i = 0; i < count; ++i) {
    std::unique_ptr<Model>& model = models[context];
    if (model == nullptr) model = new_model(kind, symbols, facts);
    const std::size_t symbol = model->decode(streams[i % streams.size()]);
    context.push_back(symbol);
    context.erase(context.begin());
    std::size_t place = symbols;
    for (std::size_t k = 0; k < run && block.size() < size; ++k) {
      place /= alphabet.size();
      block.push_back(alphabet[symbol / place % alphabet.size()]);
    }
  }
  return block;
}

}  // namespace evalzip::textbook
