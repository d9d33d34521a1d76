// Text coded by context mixing that a language model of tokens guides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codecs/llm/llm_code_length.h"
#include "codecs/llm/mixed_section.h"
#include "codecs/llm/segment_runner.h"
#include "codecs/llm/sorted_vocabulary.h"
#include "codecs/llm/token_context.h"
#include "codecs/llm/token_lane_reader.h"
#include "codecs/llm/token_lane_writer.h"
#include "codecs/range_coder.h"

namespace evalzip {

// The lanes of a section advance a byte of each at a time, as they do with a model of bytes. Behind
// a byte where the token may end or go on it is coded which, so that the model can be asked for the
// next one at once.
class MixedTokens {
 public:
  // `vocabulary` is that of the runner's model.
  MixedTokens(SegmentRunner& runner, const SortedVocabulary& vocabulary,
              const MixedOptions& options)
      : runner_(runner),
        vocabulary_(vocabulary),
        options_(options),
        of_threads_(runner.threads()) {}

  // Absent as soon as the coded bytes are more than `most`; else what measure() gives.
  std::optional<LlmCodeLength> encode(Bytes text, RangeEncoder& encoder, std::size_t most);
  void decode(MutableBytes text, RangeDecoder& decoder);
  LlmCodeLength measure(Bytes text);

  // Memory for `size` bytes of text: the language model's weights and scratch apart.
  static std::uint64_t memory_bytes(const TransformerShape& shape, const MixedOptions& options,
                                    std::size_t size);

 private:
  // Calls use(section, model) for each section of the text.
  template <class Use>
  void for_each_section(Bytes text, const Use& use) const;
  // What the tokenizer puts before every lane.
  std::span<const std::uint8_t> prefix() const;
  // Before a lane's first token.
  TokenContext context(std::size_t lane, std::size_t text_size);
  std::vector<TokenLaneWriter> writers(const MixedSection& section, std::size_t text_size);
  std::vector<TokenLaneReader> readers(const MixedSection& section, std::size_t text_size);

  // Absent if go_on(), asked after each byte, is false. Of the length, count_bits is left to the
  // caller.
  template <class Encoder, class GoOn>
  std::optional<LlmCodeLength> encode_with(Bytes text, Encoder& encoder, const GoOn& go_on);
  // Fetches as many predictions as can be kept, of all lanes.
  void read_ahead(std::span<TokenLaneWriter> lanes, LlmCodeLength& length);
  // Fetches those that the byte `step` of each lane that has one waits for.
  void read_on(const MixedSection& section, std::size_t step, std::span<TokenLaneReader> lanes);

  struct OfThread {
    SortedCounts counts;
    SortedCounts::Scratch scratch;
  };

  SegmentRunner& runner_;
  const SortedVocabulary& vocabulary_;
  MixedOptions options_;
  std::vector<OfThread> of_threads_;
};

}  // namespace evalzip
