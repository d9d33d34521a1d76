// Logarithms, weights and estimates in integers, the same on every machine.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace evalzip {

// Probabilities are in units of 2^-16, logarithms to base 2 in units of 1/64.
class CtwTables {
 public:
  static constexpr std::uint32_t kOne = 1u << 16;
  static constexpr std::uint32_t kMostCounted = 1023;  // zeros and ones of a node
  static constexpr int kMostLogBeta = 2047;

  // The same for the whole program; made once.
  static const CtwTables& instance();

  // log2 of a probability, by its upper 12 bits.
  int log2(std::uint32_t probability) const { return logs_[probability >> kLogShift]; }

  // beta / (1 + beta), |log_beta| <= kMostLogBeta.
  std::uint32_t weight(int log_beta) const {
    return weights_[static_cast<unsigned>(log_beta + kMostLogBeta)];
  }

  // (ones + 1/2) / (zeros + ones + 1): Krichevsky and Trofimov, 1981. Neither 0 nor kOne.
  std::uint32_t estimate(std::uint32_t zeros, std::uint32_t ones) const {
    const std::uint64_t share = std::uint64_t{2 * ones + 1} * reciprocals_[zeros + ones];
    return std::clamp(static_cast<std::uint32_t>(share >> 16), 1u, kOne - 1);
  }

 private:
  static constexpr unsigned kLogShift = 4;

  CtwTables();

  std::array<std::int16_t, (kOne >> kLogShift)> logs_{};
  std::array<std::uint16_t, 2 * kMostLogBeta + 1> weights_{};
  std::array<std::uint32_t, kMostCounted + 1> reciprocals_{};  // 2^32 / (2 n + 2)
};

}  // namespace evalzip
