// What follows a bit history, for the fast predictor: the log odds are kept ready.
#pragma once

#include <array>
#include <cstdint>

#include "codecs/context/bit_history.h"
#include "codecs/context/squash.h"

namespace evalzip {

class HistoryMap {
 public:
  HistoryMap() {
    for (unsigned history = 0; history < entries_.size(); ++history) {
      const auto [zeros, ones] = bit_histories().counts(static_cast<std::uint8_t>(history));
      const std::uint32_t probability = 65536u * (5u * ones + 2u) / (5u * (zeros + ones) + 4u);
      entries_[history] = {static_cast<std::uint16_t>(probability),
                           static_cast<std::int16_t>(stretch(probability >> 4))};
    }
  }

  std::int16_t log_odds(std::uint8_t history) const { return entries_[history].log_odds; }

  void update(std::uint8_t history, bool bit) {
    Entry& entry = entries_[history];
    const int probability = entry.probability;
    const int moved = probability + (((bit ? 65535 : 0) - probability) >> kRate);
    entry = {static_cast<std::uint16_t>(moved),
             static_cast<std::int16_t>(stretch(static_cast<std::uint32_t>(moved) >> 4))};
  }

 private:
  static constexpr int kRate = 7;

  struct Entry {
    std::uint16_t probability;  // of a one, in units of 2^-16
    std::int16_t log_odds;
  };

  std::array<Entry, 256> entries_;
};

}  // namespace evalzip
