#include "codecs/rans_tables.h"

#include <algorithm>
#include <array>
#include <bit>

#include "codecs/rans_decisions.h"

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

bool is_empty(const Frequencies& row) {
  return std::ranges::all_of(row, [](std::uint16_t f) { return f == 0; });
}

// The symbols that occur in any row, or have one. 0 always counts: it is every segment's first
// context.
std::array<bool, 256> used_symbols(const FrequencyRows& rows) {
  std::array<bool, 256> used{};
  used[0] = true;
  for (std::size_t context = 0; context < rows.size(); ++context) {
    for (std::size_t symbol = 0; symbol < 256; ++symbol) {
      if (rows[context][symbol] != 0) used[symbol] = used[context] = true;
    }
  }
  return used;
}

// First the alphabet of all rows, then for each of its symbols whether it has a row, and the row.
template <class Coder>
bool code_rows(Coder& coder, int bits, std::array<bool, 256>& used, FrequencyRows& rows) {
  std::array<AdaptiveBit, 2> membership;
  std::vector<std::uint8_t> alphabet;
  bool before = false;
  for (std::size_t symbol = 0; symbol < 256; ++symbol) {
    before = coder.bit(membership[before], used[symbol]);
    if (before) alphabet.push_back(static_cast<std::uint8_t>(symbol));
  }
  RowCoder row_coder(bits);
  AdaptiveBit has_row;
  for (std::uint8_t context : alphabet) {
    Frequencies& row = rows[context];
    if (!coder.bit(has_row, !is_empty(row))) continue;
    if (!row_coder.code(coder, alphabet, row)) return false;
  }
  return true;
}

}  // namespace

void write_frequencies(const Frequencies& table, int bits, std::vector<std::uint8_t>& output) {
  DecisionWriter writer;
  Frequencies copy = table;
  code_table(writer, bits, copy);
  writer.finish(output);
}

std::optional<ReadTable<Frequencies>> read_frequencies(std::span<const std::uint8_t> input,
                                                       int bits) {
  DecisionReader reader(input);
  Frequencies table{};
  if (!code_table(reader, bits, table) || !reader.intact()) return std::nullopt;
  return ReadTable<Frequencies>{table, reader.at()};
}

void write_rows(const FrequencyRows& rows, int bits, std::vector<std::uint8_t>& output) {
  DecisionWriter writer;
  FrequencyRows copy = rows;
  std::array<bool, 256> used = used_symbols(rows);
  code_rows(writer, bits, used, copy);
  writer.finish(output);
}

std::optional<ReadTable<FrequencyRows>> read_rows(std::span<const std::uint8_t> input, int bits) {
  DecisionReader reader(input);
  FrequencyRows rows(256);
  std::array<bool, 256> used{};
  if (!code_rows(reader, bits, used, rows) || !reader.intact()) return std::nullopt;
  return ReadTable<FrequencyRows>{std::move(rows), reader.at()};
}

}  // namespace evalzip
