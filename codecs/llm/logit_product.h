// Products of rows with the head's matrix, and the logits of them at once, while the sums are still
// in registers: storing and reading the sums of a large vocabulary again takes time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/llm/int8_product.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

// The same to the bit as a product, RowKernels::add_outliers and RowKernels::scale_logits.
struct LogitProduct {
  Int8Product product;  // without a place for sums
  const QuantisedRow* rows;
  const Outlier* outliers;  // most_outliers for each row
  std::size_t most_outliers;
  const float* column_scales;
  std::size_t columns;  // of the matrix, from the first panel on: others of the last are padding
  std::int16_t* out;    // 16 * panel_count values in each row
  std::size_t out_stride;
  std::int16_t* largest;  // kLargestLanes of each row
};

using LogitProductKernel = void (*)(const LogitProduct&);

}  // namespace evalzip
