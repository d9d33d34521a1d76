#include "codecs/llm/natural_logarithm.h"

#include <array>
#include <bit>

namespace evalzip {
namespace {

constexpr unsigned kFractionBits = 9;

// ln(1 + i / 512) in units of 2^-20, by the series of 2 * artanh(i / (1024 + i)) in integers.
constexpr auto make_logarithms() {
  std::array<std::uint32_t, (1u << kFractionBits) + 1> table{};
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    const std::uint64_t x = (i << 40) / (1024 + i);  // in units of 2^-40
    const std::uint64_t square = (x >> 20) * (x >> 20);
    std::uint64_t power = x, sum = 0;
    for (std::uint64_t k = 1; k < 16; k += 2) {
      sum += power / k;
      power = (power >> 20) * (square >> 20);
    }
    table[i] = static_cast<std::uint32_t>((2 * sum + (1u << 19)) >> 20);
  }
  return table;
}

constexpr auto kLogarithms = make_logarithms();
constexpr std::int64_t kLogarithmOf2 = 726817;  // in units of 2^-20

}  // namespace

std::int64_t natural_logarithm(std::uint64_t x) {
  const auto whole = static_cast<unsigned>(std::bit_width(x)) - 1;
  const std::uint64_t fraction = x << (63 - whole) << 1;  // of 2^64
  return whole * kLogarithmOf2 + kLogarithms[fraction >> (64 - kFractionBits)];
}

}  // namespace evalzip
