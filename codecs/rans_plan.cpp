#include "codecs/rans_plan.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "codecs/histogram.h"

namespace evalzip {
namespace {

constexpr std::size_t kChunk = std::size_t{128} << 10;     // order 0 cuts between such pieces only
constexpr std::size_t kMostBlock = std::size_t{64} << 20;  // bounds the scratch memory
// Order 1 shares its tables over this much. 128 segments of 32832 bytes: neighbours' addresses
// differ by 64 modulo 4096, so all lanes' lines lie in different sets of a cache.
constexpr std::size_t kOrder1Block = std::size_t{128} * 32832;

// log2 by the series of atanh, good to 1e-7 and, unlike a libm's, the same on every machine.
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

// Four counters a pair, taken in turn: see ByteCounter.
constexpr std::size_t kTurns = 4;

// Counts, at [pair_at(symbol << 8 | context) * kTurns] and the next, what coding in `lanes`
// segments sees.
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

Counts row_of(const std::uint32_t* pair_counts, std::size_t context, const Counts& symbols) {
  Counts row{};
  for (std::size_t symbol = 0; symbol < row.size(); ++symbol) {
    if (symbols[symbol] == 0) continue;
    const std::uint32_t* const turns =
        pair_counts + pair_at(static_cast<std::uint32_t>(symbol << 8 | context)) * kTurns;
    row[symbol] = turns[0] + turns[1] + turns[2] + turns[3];
  }
  return row;
}

}  // namespace

int rans_precision_bits(std::size_t size) {
  return std::clamp(static_cast<int>(std::bit_width(size)) - 2, kRansLeastBits, kRansMostBits);
}

int RansPlanner::lanes_for(std::size_t size) const {
  if (options_.ways != 0) return options_.ways;
  if (size < (std::size_t{16} << 10)) return 4;
  if (size < (std::size_t{128} << 10)) return 32;
  return size < (std::size_t{512} << 10) ? 64 : 128;
}

// Symbols, states (of whose 4 bytes 3 are lost), table.
double RansPlanner::cost_bytes(const Stretch& stretch) const {
  const int alphabet = distinct(stretch.counts);
  if (alphabet == 1) return 8;
  const double fixed = 24 + alphabet + 3.0 * lanes_for(stretch.size);
  return std::min(entropy_bits(stretch.counts) / 8 + fixed, static_cast<double>(stretch.size) + 8);
}

RansPlanner::Stretch RansPlanner::count(std::span<const std::uint8_t> rest) const {
  Stretch stretch{.size = std::min(kChunk, rest.size())};
  stretch.counts = count_bytes(std::as_bytes(rest.first(stretch.size)));
  stretch.cost_bytes = cost_bytes(stretch);
  return stretch;
}

// Joins piece after piece while one table for both costs less than two.
RansPlanner::Stretch RansPlanner::grow(std::span<const std::uint8_t> rest) {
  Stretch stretch = counted_ ? *counted_ : count(rest);
  counted_.reset();
  while (stretch.size < rest.size() && stretch.size < kMostBlock) {
    const Stretch piece = count(rest.subspan(stretch.size));
    Stretch both{.size = stretch.size + piece.size};
    for (std::size_t s = 0; s < 256; ++s) both.counts[s] = stretch.counts[s] + piece.counts[s];
    both.cost_bytes = cost_bytes(both);
    if (both.cost_bytes > stretch.cost_bytes + piece.cost_bytes) {
      counted_ = piece;
      break;
    }
    stretch = both;
  }
  return stretch;
}

PlannedBlock RansPlanner::plan0(const Stretch& stretch) const {
  PlannedBlock plan{.block = {}, .ideal_bits = 0};
  RansBlock& block = plan.block;
  block.size = stretch.size;
  const int alphabet = distinct(stretch.counts);
  if (alphabet == 1) {
    block.form = RansForm::run;
    return plan;
  }
  block.lanes = lanes_for(block.size);
  block.bits = rans_precision_bits(block.size);
  block.frequencies = normalise(stretch.counts, block.bits);
  plan.ideal_bits = code_length_bits(stretch.counts, block.frequencies, block.bits);
  const double stored_bits = 8.0 * static_cast<double>(block.size);
  block.form = RansForm::order0;
  if (plan.ideal_bits + 32.0 * block.lanes >= stored_bits) {
    block.form = RansForm::stored;
    plan.ideal_bits = stored_bits;
  }
  return plan;
}

std::optional<PlannedBlock> RansPlanner::plan1(std::span<const std::uint8_t> input,
                                               const Counts& counts, double less_than_bytes) {
  if (!pair_counts_) pair_counts_ = std::make_unique<std::uint32_t[]>(kPairTableSize * kTurns);
  PlannedBlock plan{.block = {}, .ideal_bits = 0};
  RansBlock& block = plan.block;
  block.size = input.size();
  block.form = RansForm::order1;
  block.lanes = lanes_for(block.size);
  block.bits = block.size < (std::size_t{64} << 10) ? kRansLeastBits : kRansMostBits1;
  block.rows.assign(256, {});
  count_pairs(input, block.lanes, pair_counts_.get());
  double table_bits = 0;
  for (std::size_t context = 0; context < 256; ++context) {
    if (counts[context] == 0 && context != 0) continue;
    const Counts row = row_of(pair_counts_.get(), context, counts);
    const int alphabet = distinct(row);
    if (alphabet == 0) continue;
    block.rows[context] = normalise(row, block.bits);
    plan.ideal_bits += code_length_bits(row, block.rows[context], block.bits);
    table_bits += 16 + 7.0 * alphabet;
  }
  const double bytes = (plan.ideal_bits + table_bits) / 8 + 3.0 * block.lanes;
  if (bytes >= less_than_bytes) return std::nullopt;
  return plan;
}

PlannedBlock RansPlanner::next(std::span<const std::uint8_t> rest) {
  if (options_.order == 0) return plan0(grow(rest));
  Stretch stretch{.size = std::min(kOrder1Block, rest.size())};
  const auto input = rest.first(stretch.size);
  stretch.counts = count_bytes(std::as_bytes(input));
  stretch.cost_bytes = cost_bytes(stretch);
  if (auto plan = plan1(input, stretch.counts, stretch.cost_bytes)) return *std::move(plan);
  return plan0(stretch);
}

}  // namespace evalzip
