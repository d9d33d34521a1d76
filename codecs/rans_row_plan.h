// Chooses the rows of frequencies that a block of order 1 is coded with.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "codecs/rans_tables.h"

namespace evalzip {

// Entropy of what was counted, in bits. By a logarithm that, unlike a libm's, is the same on every
// machine.
double entropy_bits(const Counts& counts);

// How many symbols were counted.
int distinct(const Counts& counts);

struct PlannedRows {
  const ContextRows* rows;  // until the planner's next call
  double ideal_bits;        // code length of the block's symbols under these rows
  double table_bits;        // about what the rows themselves cost
};

// A context has a row of its own if that saves more than it costs; those that are rare, or tell
// nothing, share one. Keeps its scratch memory.
class RansRowPlanner {
 public:
  // `counts` are the block's symbols; it is coded in `lanes` segments.
  PlannedRows plan(std::span<const std::uint8_t> input, const Counts& counts, int lanes, int bits);

 private:
  void count_rows(std::span<const std::uint8_t> input, const Counts& counts, int lanes);
  void choose_own_rows();
  Counts shared_counts() const;

  std::unique_ptr<std::uint32_t[]> pair_counts_;
  std::vector<Counts> row_counts_;  // by context, of those used
  ContextRows rows_;
};

}  // namespace evalzip
