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
  PlannedBlock plan{.block = {}, .ideal_bits = 0};
  RansBlock& block = plan.block;
  block.size = input.size();
  block.form = RansForm::order1;
  block.lanes = lanes_for(block.size);
  block.bits = block.size < (std::size_t{64} << 10) ? kRansLeastBits : kRansMostBits1;
  const PlannedRows rows = row_planner_.plan(input, counts, block.lanes, block.bits);
  block.rows = rows.rows;
  plan.ideal_bits = rows.ideal_bits;
  const double bytes = (rows.ideal_bits + rows.table_bits) / 8 + 3.0 * block.lanes;
  if (bytes >= less_than_bytes) return std::nullopt;
  return plan;
}

PlannedBlock RansPlanner::next(std::span<const std::uint8_t> rest) {
  if (options_.order == 0) return plan0(grow(rest));
  Stretch stretch{.size = std::min(kOrder1Block, rest.size())};
  const auto input = rest.first(stretch.size);
  stretch.counts = count_bytes(std::as_bytes(input));
  stretch.cost_bytes = cost_bytes(stretch);
  if (auto plan = plan1(input, stretch.counts, stretch.cost_bytes)) return *plan;
  return plan0(stretch);
}

}  // namespace evalzip
