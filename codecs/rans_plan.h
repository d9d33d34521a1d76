// Cuts an input into rANS blocks and chooses how each is coded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "codecs/rans_block.h"
#include "codecs/rans_row_plan.h"

namespace evalzip {

struct RansOptions {
  int order = 0;  // 0 or 1
  int ways = 0;   // lanes: 4, 32, 64 or 128; 0 lets the size of a block decide
};

// A block, and its code length in bits under the very integers it will be coded with: what a
// perfect coder would spend on its symbols, tables and states apart.
struct PlannedBlock {
  RansBlock block;
  double ideal_bits;
};

// The precision that a block of order 0 of so many bytes warrants: its frequencies sum to 2^bits.
int rans_precision_bits(std::size_t size);

// Plans block after block of one input. Same input, same plan, on every machine. Keeps its scratch
// memory; one instance per thread.
class RansPlanner {
 public:
  explicit RansPlanner(const RansOptions& options) : options_(options) {}

  // Before the first block of an input.
  void start() { counted_.reset(); }

  // The first block of what is left of the input, which is not empty. Successive calls must each
  // pass what the block before has left. Its rows live here, until the next call.
  PlannedBlock next(std::span<const std::uint8_t> rest);

 private:
  struct Stretch {
    std::size_t size = 0;
    Counts counts{};
    double cost_bytes = 0;
  };

  int lanes_for(std::size_t size) const;
  double cost_bytes(const Stretch& stretch) const;
  Stretch count(std::span<const std::uint8_t> rest) const;
  Stretch grow(std::span<const std::uint8_t> rest);
  PlannedBlock plan0(const Stretch& stretch) const;
  std::optional<PlannedBlock> plan1(std::span<const std::uint8_t> input, const Counts& counts,
                                    double less_than_bytes);

  RansOptions options_;
  std::optional<Stretch> counted_;  // the start of what is left, if counted already
  RansRowPlanner row_planner_;
};

}  // namespace evalzip
