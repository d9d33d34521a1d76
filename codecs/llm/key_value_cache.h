// Keys and values of the tokens that one segment's next tokens may attend to, in int8.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/int8_product.h"
#include "codecs/llm/row_kernels.h"
#include "codecs/llm/transformer_shape.h"

namespace evalzip {

// Each head's key and value is quantised by itself, with a scale of its own, when it comes in: it
// is the same whatever comes with it. Keys are columns of a packed matrix whose depth is the head's
// size; values are rows of one whose columns are the head's numbers and whose depth is positions.
class KeyValueCache {
 public:
  KeyValueCache(const TransformerShape& shape, std::size_t positions);

  // `head` is of shape.head_size, padded with zeros to whole lanes. Different heads, and groups of
  // four positions from a multiple of four on, may be set by different threads.
  void set_key(std::size_t layer, std::size_t head, std::size_t position, const float* values,
               const RowKernels& kernels);
  void set_value(std::size_t layer, std::size_t head, std::size_t position, const float* values,
                 const RowKernels& kernels);

  // Products of biased queries with the keys of the first `positions`, rounded up to 16; the
  // queries and the place of the results are left to be filled in.
  Int8Product key_product(std::size_t layer, std::size_t head, std::size_t positions) const;
  // Products of attention weights for the first `positions`, rounded up to 16, with the values.
  Int8Product value_product(std::size_t layer, std::size_t head, std::size_t positions) const;
  const float* key_scales(std::size_t layer, std::size_t head) const {
    return key_scales_.data() + place(layer, head) * positions_;
  }
  const float* value_scales(std::size_t layer, std::size_t head) const {
    return value_scales_.data() + place(layer, head) * positions_;
  }

  static std::size_t bytes(const TransformerShape& shape, std::size_t positions);

 private:
  std::size_t place(std::size_t layer, std::size_t head) const { return layer * heads_ + head; }

  std::size_t heads_, head_size_, value_panels_, positions_;  // positions: a multiple of 16
  AlignedVector<std::int8_t> keys_, values_;
  AlignedVector<std::int32_t> key_corrections_;
  AlignedVector<float> key_scales_, value_scales_;
};

}  // namespace evalzip
