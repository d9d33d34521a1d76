#include "codecs/code_table.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "codecs/huffman_code.h"
#include "codecs/rans_models.h"
#include "codecs/rans_plan.h"
#include "codecs/static_model.h"

namespace evalzip {
namespace {

void add_huffman(const ByteHistogram& counts, CodeTable& table) {
  const CanonicalCode code = *canonical_code(optimal_code_lengths(counts, kLongestCode));
  for (CodedSymbol& coded : table.symbols) {
    const unsigned length = code.lengths[coded.symbol];
    coded.length_bits = length;
    for (unsigned bit = 0; bit < length; ++bit) {
      coded.word = coded.word << 1 | (code.reversed_words[coded.symbol] >> bit & 1u);
    }
  }
}

void add_interval(int total_bits, std::uint32_t low, std::uint32_t width, CodedSymbol& coded) {
  coded.low = low;
  coded.width = width;
  coded.length_bits = total_bits - std::log2(static_cast<double>(width));
}

void add_rans(const ByteHistogram& counts, CodeTable& table) {
  table.total_bits = rans_precision_bits(table.size);
  const RankedModel model(normalise(counts, table.total_bits), table.total_bits);
  for (CodedSymbol& coded : table.symbols) {
    const std::uint8_t rank = model.rank[coded.symbol];
    add_interval(table.total_bits, model.low[rank], model.width[rank], coded);
  }
}

// The model numbers the symbols that occur in the order of their values.
void add_arithmetic(const ByteHistogram& counts, CodeTable& table) {
  table.total_bits = StaticModel::kTotalBits;
  std::vector<std::uint64_t> shares;
  std::array<std::uint8_t, 256> number{};
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
    number[symbol] = static_cast<std::uint8_t>(shares.size());
    if (counts[symbol] != 0) shares.push_back(counts[symbol]);
  }
  const StaticModel::Widths widths = StaticModel::widths_of(shares);
  const StaticModel model(widths, shares.size());
  for (CodedSymbol& coded : table.symbols) {
    const Interval interval = model.interval(number[coded.symbol]);
    add_interval(table.total_bits, interval.low, interval.width, coded);
  }
}

void add_code(const ByteHistogram& counts, CodeTable& table) {
  switch (table.kind) {
    case CodeKind::huffman:
      return add_huffman(counts, table);
    case CodeKind::rans:
      return add_rans(counts, table);
    case CodeKind::arithmetic:
      return add_arithmetic(counts, table);
  }
}

}  // namespace

std::string_view to_string(CodeKind kind) {
  switch (kind) {
    case CodeKind::huffman:
      return "huffman";
    case CodeKind::rans:
      return "rans";
    case CodeKind::arithmetic:
      return "arithmetic";
  }
  return "unknown";
}

CodeTable code_table(CodeKind kind, const ByteHistogram& counts) {
  CodeTable table{.kind = kind};
  for (const std::uint32_t count : counts) table.size += count;
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
    if (counts[symbol] == 0) continue;
    CodedSymbol coded{.symbol = static_cast<std::uint8_t>(symbol), .count = counts[symbol]};
    coded.probability = static_cast<double>(coded.count) / static_cast<double>(table.size);
    coded.information_bits = std::log2(1 / coded.probability);
    table.symbols.push_back(coded);
  }
  std::ranges::stable_sort(table.symbols, std::ranges::greater(), &CodedSymbol::count);
  if (table.symbols.size() > 1) add_code(counts, table);
  for (const CodedSymbol& coded : table.symbols) {
    table.entropy_bits += coded.probability * coded.information_bits;
    table.expected_bits += coded.probability * coded.length_bits;
  }
  return table;
}

}  // namespace evalzip
