// What coding with a language model costs, in bits, beside the bytes in the end.
#pragma once

#include <cstdint>

#include "codecs/entropy_model.h"

namespace evalzip {

struct CodedToken {
  Interval interval;
  std::uint32_t total;
  double model_bits;
  std::uint64_t multiply_adds = 0;
};

struct LlmCodeLength {
  std::uint64_t tokens = 0;
  double model_bits = 0;  // cross-entropy of the model's softmax
  // What a perfect coder spends. Where the model codes alone: of the integer counts that stand for
  // the softmax. It may be less: no token costs more than 31 bits and a fraction, however
  // impossible the model thinks it. Where the model guides context mixing, of the mixture.
  double count_bits = 0;
  std::uint64_t multiply_adds = 0;  // that the model's definition asks for

  void add(const CodedToken& token);
};

}  // namespace evalzip
