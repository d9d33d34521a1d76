#include "codecs/rans_row_plan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "codecs/rans_block.h"

namespace evalzip {
namespace {

// log2 by the series of atanh, good to 1e-7.
double binary_logarithm(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const int exponent = static_cast<int>(bits >> 52) - 1023;
  const double m =
      std::bit_cast<double>((bits & ((std::uint64_t{1} << 52) - 1)) | (std::uint64_t{1023} << 52));
  constexpr double kRootOf2 = 1.4142135623730951;
  constexpr double kTwoOverLn2 = 2.8853900817779268;
  const double z = (m - kRootOf2) / (m + kRootOf2);
  const double y = z * z;
  return exponent + 0.5 + kTwoOverLn2 * z * (1 + y * (1.0 / 3 + y * (1.0 / 5 + y * (1.0 / 7))));
}

std::uint32_t sum_of(const Counts& counts) {
  std::uint32_t sum = 0;
  for (const std::uint32_t count : counts) sum += count;
  return sum;
}

// What a row costs in the stream, about.
double row_bits(const Counts& counts) { return 16 + 7.0 * distinct(counts); }

// Counters a pair, taken in turn: see ByteCounter. A short input is not worth clearing four.
constexpr std::size_t kMostTurns = 4;
constexpr std::size_t kFewestForTurns = std::size_t{128} << 10;

// Counts, at [pair_at(symbol << 8 | context) * kTurns] and the next, what coding in `lanes`
// segments sees.
template <std::size_t kTurns>
void count_pairs(std::span<const std::uint8_t> input, int lanes, std::uint32_t* counts) {
  std::fill_n(counts, kPairTableSize * kTurns, 0u);
  std::size_t i = 1;
  for (; i + kTurns <= input.size(); i += kTurns) {
    const std::uint8_t* const at = input.data() + i - 1;
    for (std::size_t turn = 0; turn < kTurns; ++turn) {
      ++counts[pair_at(rans_word(at + turn)) * kTurns + turn];
    }
  }
  for (; i < input.size(); ++i) ++counts[pair_at(rans_word(input.data() + i - 1)) * kTurns];
  ++counts[pair_at(std::uint32_t{input[0]} << 8) * kTurns];
  const std::size_t segment = segment_size(input.size(), lanes);
  for (int lane = 1; lane < lanes && segment > 0; ++lane) {
    const std::uint8_t* const first = input.data() + lane * segment;
    --counts[pair_at(rans_word(first - 1)) * kTurns];  // its sum with the next is what matters
    ++counts[pair_at(std::uint32_t{*first} << 8) * kTurns];
  }
}

}  // namespace

double entropy_bits(const Counts& counts) {
  double total = 0;
  double sum = 0;
  for (const std::uint32_t count : counts) {
    if (count == 0) continue;
    total += count;
    sum += count * binary_logarithm(count);
  }
  return total == 0 ? 0 : total * binary_logarithm(total) - sum;
}

int distinct(const Counts& counts) {
  return static_cast<int>(counts.size() - std::ranges::count(counts, 0u));
}

void RansRowPlanner::count_rows(std::span<const std::uint8_t> input, const Counts& counts,
                                int lanes) {
  if (!pair_counts_) {
    pair_counts_ = std::make_unique_for_overwrite<std::uint32_t[]>(kPairTableSize * kMostTurns);
    row_counts_.resize(256);
  }
  const std::size_t turns = input.size() < kFewestForTurns ? 1 : kMostTurns;
  turns == 1 ? count_pairs<1>(input, lanes, pair_counts_.get())
             : count_pairs<kMostTurns>(input, lanes, pair_counts_.get());
  for (std::size_t symbol = 0; symbol < 256; ++symbol) {
    rows_.used[symbol] = symbol == 0 || counts[symbol] != 0;
  }
  for (std::size_t context = 0; context < 256; ++context) {
    if (!rows_.used[context]) continue;
    row_counts_[context].fill(0);
    for (std::size_t symbol = 0; symbol < 256; ++symbol) {
      if (!rows_.used[symbol]) continue;
      const std::uint32_t* const pair =
          &pair_counts_[pair_at(static_cast<std::uint32_t>(symbol << 8 | context)) * turns];
      std::uint32_t& count = row_counts_[context][symbol];
      for (std::size_t turn = 0; turn < turns; ++turn) count += pair[turn];
    }
  }
}

Counts RansRowPlanner::shared_counts() const {
  Counts shared{};
  for (std::size_t context = 0; context < 256; ++context) {
    if (!rows_.used[context] || rows_.has_own[context]) continue;
    for (std::size_t symbol = 0; symbol < 256; ++symbol) {
      shared[symbol] += row_counts_[context][symbol];
    }
  }
  return shared;
}

// At first all share. Those that would rather have a row of their own leave, and those that stay
// are asked once more, because they have become another company.
void RansRowPlanner::choose_own_rows() {
  rows_.has_own.fill(false);
  for (int round = 0; round < 2; ++round) {
    const Counts shared = shared_counts();
    const double total = binary_logarithm(std::max(1u, sum_of(shared)));
    std::array<double, 256> cost{};
    for (std::size_t symbol = 0; symbol < 256; ++symbol) {
      if (shared[symbol] != 0) cost[symbol] = total - binary_logarithm(shared[symbol]);
    }
    for (std::size_t context = 0; context < 256; ++context) {
      if (!rows_.used[context] || rows_.has_own[context]) continue;
      const Counts& row = row_counts_[context];
      double as_shared = 0;
      for (std::size_t symbol = 0; symbol < 256; ++symbol) as_shared += row[symbol] * cost[symbol];
      rows_.has_own[context] = entropy_bits(row) + row_bits(row) < as_shared;
    }
  }
}

PlannedRows RansRowPlanner::plan(std::span<const std::uint8_t> input, const Counts& counts,
                                 int lanes, int bits) {
  count_rows(input, counts, lanes);
  choose_own_rows();
  PlannedRows plan{.rows = &rows_, .ideal_bits = 0, .table_bits = 0};
  const auto add = [&](const Counts& row, Frequencies& frequencies) {
    frequencies = normalise(row, bits);
    plan.ideal_bits += code_length_bits(row, frequencies, bits);
    plan.table_bits += row_bits(row);
  };
  for (std::size_t context = 0; context < 256; ++context) {
    if (rows_.used[context] && rows_.has_own[context]) {
      add(row_counts_[context], rows_.own[context]);
    }
  }
  const Counts shared = shared_counts();
  rows_.shared = {};
  rows_.has_shared = sum_of(shared) != 0;
  if (rows_.has_shared) add(shared, rows_.shared);
  return plan;
}

}  // namespace evalzip
