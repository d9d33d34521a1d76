// A matrix of weights in int8, one scale for each column, laid out for int8 products.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/int8_product.h"

namespace evalzip {

// Maps a row of `depth` numbers to one of `columns` numbers.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  PackedMatrix(std::size_t columns, std::size_t depth);

  // weights.size() is the depth; all are finite. Columns never set are zero. Different columns may
  // be set by different threads.
  void set_column(std::size_t column, std::span<const float> weights);

  std::size_t columns() const { return columns_; }
  std::size_t padded_columns() const { return scales_.size(); }  // whole panels
  std::size_t panels() const { return scales_.size() / kPanelColumns; }
  std::size_t depth() const { return depth_; }
  // Of memory.
  static std::uint64_t bytes(std::size_t columns, std::size_t depth);

  // The product of rows with the panels from `first` on, `count` of them; the rows and the place of
  // the result are left to be filled in.
  Int8Product product(std::size_t first, std::size_t count) const;
  const float* scales() const { return scales_.data(); }

 private:
  std::size_t columns_ = 0, depth_ = 0, quads_ = 0;
  AlignedVector<std::int8_t> panels_;
  AlignedVector<std::int32_t> corrections_;
  AlignedVector<float> scales_;
};

}  // namespace evalzip
