// Cuts input into blocks of like statistics, each worth a code of its own.
#pragma once

#include <cstddef>

#include "codecs/histogram.h"

namespace evalzip {

struct StatisticalBlock {
  std::size_t size;
  ByteHistogram counts;
};

// The first block of `input`, which is not empty: of at most `limit` bytes, ended early where the
// order-0 entropy saved by starting anew is worth more than `overhead_bits`. Integer arithmetic, so
// every machine cuts alike. limit < 2^32.
StatisticalBlock first_block(Bytes input, std::size_t limit, std::size_t overhead_bits);

}  // namespace evalzip
