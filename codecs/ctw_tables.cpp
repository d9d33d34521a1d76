#include "codecs/ctw_tables.h"

#include <bit>

namespace evalzip {
namespace {

// log2(p / 2^16), digit by digit: squaring a number doubles its logarithm (Briggs, 1624).
int log2_of(std::uint32_t p) {
  const int whole = std::bit_width(p) - 1;
  std::uint64_t x = std::uint64_t{p} << (31 - whole);  // in [1, 2) in units of 2^-31
  int fraction = 0;
  constexpr int kDigits = 8;
  for (int i = 0; i < kDigits; ++i) {
    x = x * x >> 31;
    const bool doubled = x >> 32 != 0;
    fraction = 2 * fraction + (doubled ? 1 : 0);
    if (doubled) x >>= 1;
  }
  const int log = (whole - 16) * (1 << kDigits) + fraction;
  return (log - 2) / 4;  // never positive: rounded to units of 1/64
}

}  // namespace

CtwTables::CtwTables() {
  for (std::uint32_t i = 0; i < logs_.size(); ++i) {
    const std::uint32_t middle = (i << kLogShift) + (1u << kLogShift) / 2;
    logs_[i] = static_cast<std::int16_t>(log2_of(middle));
  }
  // beta = 2^(i / 64), by repeated multiplication with 2^(1 / 64), both in units of 2^-24.
  constexpr std::uint64_t kUnit = 1u << 24, kStep = 16959933;
  std::uint64_t beta = kUnit;
  for (std::size_t i = 0; i <= kMostLogBeta; ++i) {
    const auto weight = static_cast<std::uint16_t>((beta << 16) / (beta + kUnit));
    weights_[kMostLogBeta + i] = weight;
    weights_[kMostLogBeta - i] = static_cast<std::uint16_t>(kOne - 1 - weight);
    if (beta < kUnit << 15) beta = beta * kStep / kUnit;
  }
  for (std::uint32_t n = 0; n < reciprocals_.size(); ++n) {
    reciprocals_[n] = static_cast<std::uint32_t>((std::uint64_t{1} << 32) / (2 * n + 2));
  }
}

const CtwTables& CtwTables::instance() {
  static const CtwTables tables;
  return tables;
}

}  // namespace evalzip
