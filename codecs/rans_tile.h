// A few steps of all order-1 lanes beside each other, for kernels that go lane by lane.
//
// The segments themselves lie on more pages than a processor keeps the addresses of, and each step
// touches all of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "codecs/rans_kernels.h"

namespace evalzip {

template <int kLanes>
class RansTile {
 public:
  static constexpr std::size_t kSteps = 64;

  // The byte of a lane at `step` of this tile; step -1 is the one before.
  std::uint8_t* at(int lane, std::size_t step) { return bytes_.data() + lane * kRow + 1 + step; }
  // From a lane to the next.
  static constexpr std::size_t kRow = kSteps + 16;  // rows begin in different sets of a cache

  // `steps` steps from `first` on, and the bytes before them: none, which is 0, before a segment.
  void load(const RansEncode1& job, std::size_t first, std::size_t steps) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const std::uint8_t* const from = job.input + lane * job.segment + first;
      std::memcpy(at(lane, 0), from, steps);
      *(at(lane, 0) - 1) = first == 0 ? std::uint8_t{0} : from[-1];
    }
  }

  // The first `steps` steps become the segments' steps from `first` on.
  void store(const RansDecode1& job, std::size_t first, std::size_t steps) {
    for (int lane = 0; lane < kLanes; ++lane) {
      std::memcpy(job.output + lane * job.segment + first, at(lane, 0), steps);
    }
  }

 private:
  std::array<std::uint8_t, kLanes * kRow + 1> bytes_{};
};

// Calls use(lanes) with the number of lanes as a constant.
template <class Use>
auto with_lanes(int lanes, Use use) {
  if (lanes == 4) return use(std::integral_constant<int, 4>());
  if (lanes == 32) return use(std::integral_constant<int, 32>());
  if (lanes == 64) return use(std::integral_constant<int, 64>());
  return use(std::integral_constant<int, 128>());
}

}  // namespace evalzip
