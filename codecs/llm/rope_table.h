// Rotary position embedding (Su et al. 2021): cosines and sines by arithmetic that is the same on
// every machine.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace evalzip {

struct RopeSettings {
  std::size_t size = 0;  // numbers of a head that are rotated; even
  double base = 10000;
  double position_scale = 1;          // linear scaling: positions are multiplied by it
  std::span<const float> divisors{};  // of each frequency (Llama 3); empty: none
};

// Angles of the pairs i < size / 2: position * base^(-2 i / size).
class RopeTable {
 public:
  RopeTable() = default;
  RopeTable(const RopeSettings& settings, std::size_t positions);

  std::span<const float> cosines(std::size_t position) const { return row(cosines_, position); }
  std::span<const float> sines(std::size_t position) const { return row(sines_, position); }
  std::size_t bytes() const { return 2 * cosines_.size() * sizeof(float); }

 private:
  std::span<const float> row(const std::vector<float>& table, std::size_t position) const {
    return std::span(table).subspan(position * pairs_, pairs_);
  }

  std::size_t pairs_ = 0;
  std::vector<float> cosines_, sines_;  // [position][pair]
};

}  // namespace evalzip
