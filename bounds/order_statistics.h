// Order-k statistics of bytes: how much the k bytes before a byte tell about it.
#pragma once

#include <cstddef>
#include <vector>

#include "bounds/context_tally.h"
#include "codecs/codec.h"

namespace evalzip {

inline constexpr unsigned kHighestOrder = 5;

struct StatisticsSettings {
  unsigned highest_order = kHighestOrder;
  unsigned threads = 1;
  // For the sorting that orders 3 to 5 need. Up to order 2, 64 MiB of counters serve instead.
  std::size_t memory_bytes = std::size_t{256} << 20;
};

// Statistics of the orders 0 to highest_order. The bytes before the document are taken to be
// zeros, as the codecs of this project do. Exact: nothing is sampled or hashed. The document is
// read front to back some times, so a mapped file larger than memory will do. The result does not
// depend on the number of threads, up to the last digits of sums.
std::vector<OrderStatistics> order_statistics(Bytes document, const StatisticsSettings& settings);

// The order from which on empirical entropies of this document say little: the least k for which
// alphabet^k exceeds the length, because then they fall towards zero for almost every string,
// random ones included (Gagie, 2006), or for which the correction of the bias exceeds a hundredth
// of the entropy. `statistics` are those of one document, from order 0 on.
unsigned first_meaningless_order(const std::vector<OrderStatistics>& statistics);

}  // namespace evalzip
