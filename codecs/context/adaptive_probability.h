// A probability that is learned from the bits that follow a context.
#pragma once

#include <array>
#include <cstdint>

namespace evalzip {

// The probability of a one in the upper 22 bits, and in the lower 10 how often it was met: the
// average of what followed, exact at first, then with a window of `limit` bits.
class AdaptiveProbability {
 public:
  AdaptiveProbability() = default;
  // In units of 2^-16.
  explicit AdaptiveProbability(std::uint32_t probability) : word_(probability << 16) {}

  // In units of 2^-12 and 2^-16.
  std::uint32_t probability12() const { return word_ >> 20; }
  std::uint32_t probability16() const { return word_ >> 16; }

  // How often it was met, up to the limit.
  std::uint32_t count() const { return word_ & 1023u; }

  // limit <= 1023.
  void update(bool bit, std::uint32_t limit) {
    const std::uint32_t count = word_ & 1023u;
    const std::int64_t target = bit ? (1 << 22) - 1 : 0;
    const std::int64_t probability = word_ >> 10;
    const std::int64_t step = (target - probability) * kReciprocals[count] >> 16;
    const auto moved = static_cast<std::uint32_t>(probability + step);
    word_ = moved << 10 | (count < limit ? count + 1 : count);
  }

 private:
  // 1 / (n + 1.5) in units of 2^-16.
  static constexpr auto kReciprocals = [] {
    std::array<std::uint16_t, 1024> table{};
    for (unsigned n = 0; n < table.size(); ++n) {
      table[n] = static_cast<std::uint16_t>((1u << 17) / (2 * n + 3));
    }
    return table;
  }();

  std::uint32_t word_ = 1u << 31;
};

}  // namespace evalzip
