// Statistics of the orders 2 to 5 by sorting: exact, in bounded memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bounds/context_tally.h"
#include "codecs/codec.h"

namespace evalzip {

// How often each pair of neighbours occurs: [256 * earlier + later]. The byte before the document
// is zero.
using PairCounts = std::vector<std::uint64_t>;

PairCounts count_pairs(Bytes document);

inline constexpr unsigned kLowestSortedOrder = 2, kHighestSortedOrder = 5;

// Tallies of the orders 2 to 5, in that order. `pairs` is count_pairs(document). Uses about
// `memory_bytes` beside the document, which it reads about 8 * size / memory_bytes times.
std::vector<ContextTally> sorted_orders(Bytes document, const PairCounts& pairs, unsigned threads,
                                        std::size_t memory_bytes);

}  // namespace evalzip
