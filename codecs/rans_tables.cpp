#include "codecs/rans_tables.h"

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>

namespace evalzip {
namespace {

// A frequency f of e = bit_width(f) bits is e, by four adaptive decisions, then the e - 1 bits
// below its leading one: the highest adaptive, the rest raw. What remains of 2^bits is known, and
// the last symbol of a row is given by it.
class FrequencyModel {
 public:
  // `hint` is the bit width of a frequency likely to be near, 0 if there is none.
  template <class Coder>
  std::uint32_t code(Coder& coder, int hint, std::uint32_t frequency) {
    std::uint32_t node = 1;
    const auto width = static_cast<std::uint32_t>(std::bit_width(frequency));
    for (int level = 3; level >= 0; --level) {
      node = node * 2 + coder.bit(widths_[hint][node], (width >> level & 1) != 0);
    }
    const int below = static_cast<int>(node - 16) - 1;
    if (below < 0) return 0;
    std::uint32_t value = 1;
    if (below >= 1) {
      value = 2 + coder.bit(seconds_[below], (frequency >> (below - 1) & 1) != 0);
    }
    if (below >= 2) {
      const int rest = below - 1;
      const std::uint32_t mask = (1u << std::min(rest, kDecisionBits)) - 1;
      if (rest > kDecisionBits) return 0;
      value = value << rest | coder.raw(rest, frequency & mask);
    }
    return value;
  }

 private:
  std::array<std::array<AdaptiveBit, 16>, 16> widths_;
  std::array<AdaptiveBit, 16> seconds_;
};

// What the rows so far tell about a symbol of the next.
struct Column {
  std::uint32_t present = 0;  // its presence in the last three rows, newest lowest
  int width = 0;              // bit width of its last frequency
};

class RowCoder {
 public:
  explicit RowCoder(int bits) : total_(1u << bits) {}

  // Walks one row that is not empty; false if what is read cannot be a row.
  template <class Coder>
  bool code(Coder& coder, std::span<const std::uint8_t> alphabet, Frequencies& row) {
    present_.clear();
    bool before = false;
    for (std::uint8_t symbol : alphabet) {
      Column& column = columns_[symbol];
      before = coder.bit(presence_[column.present][before], row[symbol] != 0);
      column.present = (column.present << 1 | before) & 7;
      if (before) present_.push_back(symbol);
    }
    return !present_.empty() && code_present(coder, row);
  }

 private:
  template <class Coder>
  bool code_present(Coder& coder, Frequencies& row) {
    std::uint32_t rest = total_;
    int last = 0;
    for (std::uint8_t symbol : std::span(present_).first(present_.size() - 1)) {
      Column& column = columns_[symbol];
      const int hint = column.width != 0 ? column.width : last;
      const std::uint32_t frequency = model_.code(coder, hint, row[symbol]);
      if (frequency == 0 || frequency >= rest) return false;
      rest -= frequency;
      row[symbol] = static_cast<std::uint16_t>(frequency);
      last = column.width = std::bit_width(frequency);
    }
    row[present_.back()] = static_cast<std::uint16_t>(rest);
    columns_[present_.back()].width = std::bit_width(rest);
    return true;
  }

  std::uint32_t total_;
  std::vector<std::uint8_t> present_;
  std::array<Column, 256> columns_;
  std::array<std::array<AdaptiveBit, 2>, 8> presence_;
  FrequencyModel model_;
};

std::vector<std::uint8_t> all_symbols() {
  std::vector<std::uint8_t> symbols(256);
  for (std::size_t i = 0; i < symbols.size(); ++i) symbols[i] = static_cast<std::uint8_t>(i);
  return symbols;
}

template <class Coder>
bool code_table(Coder& coder, int bits, Frequencies& table) {
  return RowCoder(bits).code(coder, all_symbols(), table);
}

// Walks a row as it is if it is to be written, or from nothing if it is to be read.
template <class Coder, class Row>
bool code_row(Coder& coder, RowCoder& row_coder, std::span<const std::uint8_t> alphabet, Row& row) {
  Frequencies walked{};
  if constexpr (std::is_const_v<Row>) {
    walked = row;
    return row_coder.code(coder, alphabet, walked);
  } else {
    const bool intact = row_coder.code(coder, alphabet, walked);
    row = walked;
    return intact;
  }
}

// First the alphabet; then for each of its symbols whether it has a row, and the row; then whether
// there is a shared row, and that.
template <class Coder, class Rows>
bool code_rows(Coder& coder, int bits, Rows& rows) {
  constexpr bool kReading = !std::is_const_v<Rows>;
  std::array<AdaptiveBit, 2> membership;
  std::vector<std::uint8_t> alphabet;
  bool before = false;
  for (std::size_t symbol = 0; symbol < 256; ++symbol) {
    before = coder.bit(membership[before], rows.used[symbol]);
    if constexpr (kReading) rows.used[symbol] = before;
    if (before) alphabet.push_back(static_cast<std::uint8_t>(symbol));
  }
  if (!rows.used[0]) return false;  // it is every segment's first context
  RowCoder row_coder(bits);
  AdaptiveBit has_row, has_shared;
  for (const std::uint8_t context : alphabet) {
    const bool own = coder.bit(has_row, rows.has_own[context]);
    if constexpr (kReading) rows.has_own[context] = own;
    if (own && !code_row(coder, row_coder, alphabet, rows.own[context])) return false;
  }
  const bool shared = coder.bit(has_shared, rows.has_shared);
  if constexpr (kReading) rows.has_shared = shared;
  return !shared || code_row(coder, row_coder, alphabet, rows.shared);
}

bool take(const DecisionReader& reader, std::span<const std::uint8_t>& input) {
  if (!reader.intact()) return false;
  input = input.subspan(static_cast<std::size_t>(reader.at() - input.data()));
  return true;
}

}  // namespace

void write_frequencies(const Frequencies& table, int bits, DecisionWriter& writer,
                       std::vector<std::uint8_t>& output) {
  Frequencies walked = table;
  code_table(writer, bits, walked);
  writer.finish(output);
}

bool read_frequencies(std::span<const std::uint8_t>& input, int bits, Frequencies& table) {
  DecisionReader reader(input);
  table = {};
  return code_table(reader, bits, table) && take(reader, input);
}

void write_rows(const ContextRows& rows, int bits, DecisionWriter& writer,
                std::vector<std::uint8_t>& output) {
  code_rows(writer, bits, rows);
  writer.finish(output);
}

bool read_rows(std::span<const std::uint8_t>& input, int bits, ContextRows& rows) {
  DecisionReader reader(input);
  rows.has_own.fill(false);
  rows.shared = {};
  return code_rows(reader, bits, rows) && take(reader, input);
}

}  // namespace evalzip
