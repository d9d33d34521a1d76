// A batch of rows of activations in int8, as int8 products read them, and their outliers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

class QuantisedRows {
 public:
  // What the rows held is lost.
  void reset(std::size_t count, std::size_t depth) {
    stride_ = (depth + 63) / 64 * 64;
    most_outliers_ = evalzip::most_outliers(depth);
    rows_.resize(count);
    bytes_.resize(count * stride_);
    outliers_.resize(count * most_outliers_);
  }

  // Of memory.
  static std::size_t bytes(std::size_t count, std::size_t depth) {
    return count * ((depth + 63) / 64 * 64 + evalzip::most_outliers(depth) * sizeof(Outlier));
  }

  // x is padded to whole lanes. Different rows may be set by different threads.
  void set(std::size_t row, const float* x, std::size_t depth, const RowKernels& kernels) {
    rows_[row] = kernels.quantise_with_outliers(x, depth, bytes_.data() + row * stride_,
                                                outliers_.data() + row * most_outliers_);
  }

  std::size_t count() const { return rows_.size(); }
  std::size_t stride() const { return stride_; }
  const std::uint8_t* bytes() const { return bytes_.data(); }
  const QuantisedRow* rows() const { return rows_.data(); }
  const Outlier* outliers() const { return outliers_.data(); }
  std::size_t most_outliers() const { return most_outliers_; }
  float scale(std::size_t row) const { return rows_[row].scale; }
  std::span<const Outlier> outliers(std::size_t row) const {
    return {outliers_.data() + row * most_outliers_, rows_[row].outliers};
  }

 private:
  std::size_t stride_ = 0, most_outliers_ = 0;
  std::vector<QuantisedRow> rows_;
  AlignedVector<std::uint8_t> bytes_;
  std::vector<Outlier> outliers_;
};

}  // namespace evalzip
