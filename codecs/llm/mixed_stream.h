// Text coded by context mixing that a byte-level language model guides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codecs/llm/byte_tree.h"
#include "codecs/llm/llm_code_length.h"
#include "codecs/llm/mixed_section.h"
#include "codecs/llm/segment_runner.h"
#include "codecs/range_coder.h"

namespace evalzip {

// The lanes of a section advance a byte of each at a time.
class MixedStream {
 public:
  // Bytes of a lane that an encoder has predictions of at once.
  static constexpr std::size_t kStride = 64;

  // The model's tokens are bytes.
  MixedStream(SegmentRunner& runner, const MixedOptions& options)
      : runner_(runner), options_(options) {}

  // Absent as soon as the coded bytes are more than `most`; else what measure() gives.
  std::optional<LlmCodeLength> encode(Bytes text, RangeEncoder& encoder, std::size_t most);
  void decode(MutableBytes text, RangeDecoder& decoder);
  LlmCodeLength measure(Bytes text);

  // Memory for `size` bytes of text: the language model's weights and scratch apart.
  static std::uint64_t memory_bytes(const TransformerShape& shape, const MixedOptions& options,
                                    std::size_t size);

 private:
  class Reader;
  // Calls use(section, reader, model) as the function of that name calls use(section, model).
  template <class Use>
  void for_each_section(Bytes text, const Use& use);
  // Absent if code(byte, odds, model), which codes one byte, does not want to go on. Of the length,
  // count_bits is left to the caller.
  template <class Code>
  std::optional<LlmCodeLength> encode_with(Bytes text, const Code& code);
  void predict_stride(const MixedSection& section, Reader& reader, std::size_t begin,
                      std::vector<BitOdds>& odds);

  SegmentRunner& runner_;
  MixedOptions options_;
};

}  // namespace evalzip
