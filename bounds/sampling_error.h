// How far the entropy of a sample may lie from that of its source.
#pragma once

#include <vector>

#include "bounds/context_tally.h"
#include "codecs/codec.h"

namespace evalzip {

inline constexpr unsigned kHighestErrorOrder = 2;

// Standard errors in bits per byte of the empirical entropies of the orders 0 to `highest_order`
// (at most kHighestErrorOrder), if the document is the output of a stationary source: from 32 batch
// means of each byte's information content, so that dependence over distances far shorter than a
// batch is allowed for. Empty for a document of fewer than 4096 bytes; precondition: of fewer than
// 2^32. Uses 64 MiB for order 2; one
// thread, about 100 MB/s.
std::vector<double> sampling_errors(Bytes document, unsigned highest_order);

// Half the 95 % interval of the source's entropy around the corrected one, in bits per byte: the
// standard error of the sample, and as much again as the correction of the bias, which is itself
// only the first term of a series. Precondition: statistics.symbols > 0.
double half_width(const OrderStatistics& statistics, double standard_error);

}  // namespace evalzip
