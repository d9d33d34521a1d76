// A product of int8 whose rows and panels lie apart, in memory that may not be touched elsewhere.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

#include "tests/guarded_buffer.h"
#include "tests/int8_example.h"

namespace evalzip {

// The values of an example with something else between them, which no sum may count and no kernel
// may change; behind the last there is no memory at all.
class StridedProduct {
 public:
  explicit StridedProduct(const ProductExample& example)
      : rows_(spread(example.rows, example.product.row_stride, kRowPadding)),
        panels_(spread(example.panels, example.product.panel_stride, kPanelPadding)),
        corrections_(std::as_bytes(std::span(example.corrections))),
        row_bytes_(example.product.out_stride * sizeof(std::int32_t)),
        out_(spread(example.out, row_bytes_, kOutPadding)),
        product_(example.product) {
    product_.rows = reinterpret_cast<const std::uint8_t*>(rows_.bytes().data());
    product_.row_stride += kRowPadding;
    product_.panels = reinterpret_cast<const std::int8_t*>(panels_.bytes().data());
    product_.panel_stride += kPanelPadding;
    if (product_.corrections != nullptr) {
      product_.corrections = reinterpret_cast<const std::int32_t*>(corrections_.bytes().data());
    }
    product_.out = reinterpret_cast<std::int32_t*>(out_.bytes().data());
    product_.out_stride += kOutPadding / sizeof(std::int32_t);
  }

  const Int8Product& product() const { return product_; }

  std::vector<std::int32_t> sums() const {
    std::vector<std::int32_t> sums(product_.row_count * row_bytes_ / sizeof(std::int32_t));
    for (std::size_t row = 0; row < product_.row_count; ++row) {
      std::memcpy(sums.data() + row * row_bytes_ / sizeof(std::int32_t),
                  product_.out + row * product_.out_stride, row_bytes_);
    }
    return sums;
  }

  // Nothing was written but sums.
  bool intact() const {
    const std::span bytes = out_.bytes();
    for (std::size_t at = row_bytes_; at < bytes.size(); at += row_bytes_ + kOutPadding) {
      const std::span between = bytes.subspan(at, kOutPadding);
      if (!std::ranges::all_of(between, [](std::byte b) { return b == kBetween; })) return false;
    }
    return out_.intact();
  }

 private:
  static constexpr std::byte kBetween{0x7f};
  static constexpr std::size_t kRowPadding = 12, kPanelPadding = 64, kOutPadding = 64;  // bytes

  template <class Value>
  static std::vector<std::byte> spread(const std::vector<Value>& values, std::size_t run_bytes,
                                       std::size_t padding) {
    const std::span from = std::as_bytes(std::span(values));
    const std::size_t runs = from.size() / run_bytes;
    std::vector<std::byte> apart(from.size() + (runs - 1) * padding, kBetween);
    for (std::size_t run = 0; run < runs; ++run) {
      std::memcpy(apart.data() + run * (run_bytes + padding), from.data() + run * run_bytes,
                  run_bytes);
    }
    return apart;
  }

  GuardedBuffer rows_, panels_, corrections_;
  std::size_t row_bytes_;  // of sums
  GuardedBuffer out_;
  Int8Product product_;
};

}  // namespace evalzip
