// A head of a row as kernels read it: padded with zeros, by a copy unless it has whole lanes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "codecs/llm/lanes.h"

namespace evalzip {

class PaddedHead {
 public:
  // `scratch` has room for the padded head and is used for nothing else meanwhile.
  PaddedHead(std::size_t size, float* scratch)
      : size_(size), scratch_(lanes::round_up(size) == size ? nullptr : scratch) {
    if (scratch_ != nullptr) std::fill_n(scratch_, lanes::round_up(size), 0.0f);
  }

  const float* of(const float* head) {
    if (scratch_ == nullptr) return head;
    return static_cast<const float*>(std::memcpy(scratch_, head, size_ * sizeof *head));
  }

 private:
  std::size_t size_;
  float* scratch_;
};

}  // namespace evalzip
