// A batch of rows of activations in int8, as int8 products read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/row_kernels.h"

namespace evalzip {

enum class Precision { narrow, wide };  // see row_kernels.h

// Wide rows are two rows of bytes: the high ones of the whole batch, then the low ones.
class QuantisedRows {
 public:
  // What the rows held is lost.
  void reset(std::size_t count, std::size_t depth, Precision precision) {
    count_ = count;
    precision_ = precision;
    stride_ = (depth + 63) / 64 * 64;
    bytes_.resize(byte_rows() * stride_);
    scales_.resize(count);
  }

  // x is padded to whole lanes. Different rows may be set by different threads.
  void set(std::size_t row, const float* x, std::size_t depth, const RowKernels& kernels) {
    std::uint8_t* high = bytes_.data() + row * stride_;
    scales_[row] = precision_ == Precision::narrow
                       ? kernels.quantise(x, depth, high)
                       : kernels.quantise_wide(x, depth, high, high + count_ * stride_);
  }

  std::size_t count() const { return count_; }
  std::size_t byte_rows() const { return precision_ == Precision::wide ? 2 * count_ : count_; }
  Precision precision() const { return precision_; }
  std::size_t stride() const { return stride_; }
  const std::uint8_t* bytes() const { return bytes_.data(); }
  float scale(std::size_t row) const { return scales_[row]; }

 private:
  std::size_t count_ = 0, stride_ = 0;
  Precision precision_ = Precision::narrow;
  AlignedVector<std::uint8_t> bytes_;
  std::vector<float> scales_;
};

}  // namespace evalzip
