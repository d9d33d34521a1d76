// A slow, short decoder of the rANS stream, written from docs/formats.md alone: shares no code with
// the fast ones, looks symbols up by linear search, and trusts its input.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace evalzip::educational {

using Octets = std::vector<std::uint8_t>;
using Row = std::array<int, 256>;  // frequency of each symbol; all zero if there is no row

class RansDecoder {
 public:
  RansDecoder(const Octets& input, std::size_t size) : input_(input), size_(size) {}

  Octets decode() {
    while (output_.size() < size_) block();
    if (at_ != input_.size() || output_.size() != size_) throw std::runtime_error("bad length");
    return output_;
  }

 private:
  // ---- bytes
  std::uint32_t byte() { return input_.at(at_++); }
  std::uint32_t word() { return byte() | byte() << 8; }
  std::uint32_t state() { return word() | word() << 16; }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint64_t b = byte();
      value |= (b & 127) << shift;
      if (b < 128) return value;
    }
  }

  // ---- blocks
  void block() {
    const std::uint32_t head = byte();
    const int form = head & 3;
    lanes_ = std::array{4, 32, 64, 128}.at(head >> 2 & 3);
    bits_ = static_cast<int>(head >> 4);
    const std::size_t size = varint();
    if (form == 0) {
      for (std::size_t i = 0; i < size; ++i) output_.push_back(static_cast<std::uint8_t>(byte()));
    } else if (form == 1) {
      output_.insert(output_.end(), size, static_cast<std::uint8_t>(byte()));
    } else if (form == 2) {
      order0(size);
    } else {
      order1(size);
    }
  }

  // ---- symbols
  // Pops the symbol that owns the slot, in the order given.
  template <class Order>
  int pop(std::uint32_t& x, const Row& row, const Order& order) {
    const int slot = static_cast<int>(x % (1u << bits_));
    int low = 0;
    for (int symbol : order) {
      if (slot < low + row[symbol]) {
        x = row[symbol] * (x >> bits_) + slot - low;
        if (x < 65536) x = x * 65536 + word();
        return symbol;
      }
      low += row[symbol];
    }
    throw std::runtime_error("bad row");
  }

  std::vector<std::uint32_t> states() {
    std::vector<std::uint32_t> all(lanes_);
    for (std::uint32_t& x : all) x = state();
    return all;
  }

  void order0(std::size_t size) {
    const Row row = table();
    std::multimap<int, int> rising;  // keeps equal keys in the order they came
    for (int s = 0; s < 256; ++s) rising.emplace(row[s], s);
    std::vector<int> order;
    for (const auto& [frequency, symbol] : rising) order.push_back(symbol);
    varint();  // how many words follow the states: not needed here
    std::vector<std::uint32_t> x = states();
    for (std::size_t i = 0; i < size; ++i) {
      output_.push_back(static_cast<std::uint8_t>(pop(x[i % lanes_], row, order)));
    }
    check(x);
  }

  void order1(std::size_t size) {
    std::vector<Row> rows = row_tables();
    for (Row& row : rows) {
      int sum = 0;
      for (int frequency : row) sum += frequency;
      if (sum == 0) row[0] = 1 << bits_;
    }
    std::vector<int> order;
    for (int s = 0; s < 256; ++s) order.push_back(s);
    varint();  // how many words follow the states: not needed here
    std::vector<std::uint32_t> x = states();
    const std::size_t segment = size / lanes_;
    Octets out(size);
    for (std::size_t t = 0; t < segment; ++t) {
      for (int lane = 0; lane < lanes_; ++lane) {
        const std::size_t i = lane * segment + t;
        out[i] = static_cast<std::uint8_t>(pop(x[lane], rows[t == 0 ? 0 : out[i - 1]], order));
      }
    }
    for (std::size_t i = segment * lanes_; i < size; ++i) {
      out[i] = static_cast<std::uint8_t>(pop(x.back(), rows[i == 0 ? 0 : out[i - 1]], order));
    }
    output_.insert(output_.end(), out.begin(), out.end());
    check(x);
  }

  void check(const std::vector<std::uint32_t>& x) {
    for (std::uint32_t state : x) {
      if (state != 65536) throw std::runtime_error("a state does not end where it began");
    }
  }

  // ---- tables: decisions with probabilities that adapt
  struct Bit {
    int zero = 2048, seen = 0;
  };

  int decide(Bit& model) {
    const int slot = static_cast<int>(decisions_ % 4096);
    const int bit = slot >= model.zero;
    const int width = bit ? 4096 - model.zero : model.zero;
    drop(width, bit ? slot - model.zero : slot);
    const int rate = model.seen < 4 ? 4 : model.seen < 24 ? 16 : 32;
    if (model.seen < 24) ++model.seen;
    model.zero += ((bit ? 24 : 4072) - model.zero) / rate;
    return bit;
  }

  int raw(int count) {
    const int slot = static_cast<int>(decisions_ % 4096);
    const int width = 4096 >> count;
    drop(width, slot % width);
    return slot / width;
  }

  void drop(int width, int rest) {
    decisions_ = width * (decisions_ >> 12) + rest;
    if (decisions_ < 65536) decisions_ = decisions_ * 65536 + word();
  }

  struct Models {
    Bit widths[16][16], seconds[16], presence[8][2];
    int history[256] = {}, width[256] = {};
  };

  static int bit_width(int value) {
    int width = 0;
    for (; value > 0; value /= 2) ++width;
    return width;
  }

  int frequency(Models& m, int hint) {
    int width = 1;
    for (int level = 0; level < 4; ++level) width = width * 2 + decide(m.widths[hint][width]);
    width -= 16;
    if (width == 1) return 1;
    const int two = 2 + decide(m.seconds[width - 1]);
    return width == 2 ? two : two << (width - 2) | raw(width - 2);
  }

  Row row(Models& m, const std::vector<int>& alphabet) {
    std::vector<int> present;
    int before = 0;
    for (int s : alphabet) {
      before = decide(m.presence[m.history[s]][before]);
      m.history[s] = (m.history[s] * 2 + before) % 8;
      if (before) present.push_back(s);
    }
    Row row{};
    int rest = 1 << bits_, last = 0;
    for (int s : present) {
      const bool given = s == present.back();
      row[s] = given ? rest : frequency(m, m.width[s] != 0 ? m.width[s] : last);
      rest -= row[s];
      last = m.width[s] = bit_width(row[s]);
    }
    return row;
  }

  Row table() {
    std::vector<int> alphabet;
    for (int s = 0; s < 256; ++s) alphabet.push_back(s);
    Models m;
    decisions_ = state();
    return row(m, alphabet);
  }

  std::vector<Row> row_tables() {
    Models m;
    Bit membership[2], has_row, has_shared;
    decisions_ = state();
    std::vector<int> alphabet;
    int before = 0;
    for (int s = 0; s < 256; ++s) {
      before = decide(membership[before]);
      if (before) alphabet.push_back(s);
    }
    std::vector<Row> rows(256, Row{});
    std::vector<int> sharing;
    for (int context : alphabet) {
      if (decide(has_row)) {
        rows[context] = row(m, alphabet);
      } else {
        sharing.push_back(context);
      }
    }
    if (decide(has_shared)) {
      const Row shared = row(m, alphabet);
      for (int context : sharing) rows[context] = shared;
    }
    return rows;
  }

  const Octets& input_;
  std::size_t size_, at_ = 0;
  int lanes_ = 0, bits_ = 0;
  std::uint32_t decisions_ = 0;
  Octets output_;
};

}  // namespace evalzip::educational
