// Text coded by context mixing that a byte-level language model guides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codecs/context/strong_model.h"
#include "codecs/llm/byte_tree.h"
#include "codecs/llm/llm_code_length.h"
#include "codecs/llm/segment_runner.h"
#include "codecs/range_coder.h"

namespace evalzip {

// The text is coded in sections, each cut into a few lanes which the language model reads side by
// side, a byte of each at a time: so it multiplies matrices where it would multiply vectors. One
// context-mixing model learns from all of them: it codes the first byte of every lane, then the
// second of every lane, and so on.
class MixedStream {
 public:
  struct Options {
    std::size_t segments = 1;   // lanes of a section
    std::size_t positions = 0;  // of the context
    unsigned level = 6;         // of cm, strong
  };

  // The model's tokens are bytes.
  MixedStream(SegmentRunner& runner, const Options& options) : runner_(runner), options_(options) {}

  // Absent as soon as the coded bytes are more than `most`; else what measure() gives.
  std::optional<LlmCodeLength> encode(Bytes text, RangeEncoder& encoder, std::size_t most);
  void decode(MutableBytes text, RangeDecoder& decoder);
  LlmCodeLength measure(Bytes text);

  // Memory for `size` bytes of text: the language model's weights and scratch apart.
  static std::uint64_t memory_bytes(const TransformerShape& shape, const Options& options,
                                    std::size_t size);

 private:
  class Section;
  template <class Use>
  void for_each_section(std::span<const std::uint8_t> text, const Use& use);
  // Absent if code(byte, odds, model), which codes one byte, does not want to go on. Of the length,
  // count_bits is left to the caller.
  template <class Code>
  std::optional<LlmCodeLength> encode_with(Bytes text, const Code& code);
  void predict_stride(Section& section, std::size_t begin, std::vector<BitOdds>& odds);

  SegmentRunner& runner_;
  Options options_;
};

}  // namespace evalzip
