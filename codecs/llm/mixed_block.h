// A block coded by a language model and context mixing. Format: docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "codecs/codec.h"
#include "codecs/llm/llm_code_length.h"
#include "codecs/llm/mixed_header.h"
#include "codecs/llm/mixed_section.h"
#include "codecs/llm/segment_runner.h"
#include "codecs/llm/sorted_vocabulary.h"

namespace evalzip {

// What content_detector.h takes for text is coded by MixedStream or MixedTokens; the rest, of which
// a model of text knows nothing, by cm.
class MixedBlock {
 public:
  struct Options {
    std::size_t segments = 0;  // 0: by the size of the text
    std::size_t positions = 0;
    unsigned level = 6;
    unsigned threads = 1;  // counted by memory_bytes(); a runner has its own
  };

  // `vocabulary` is null where the model's tokens are bytes, and outlives the block.
  MixedBlock(SegmentRunner& runner, const SortedVocabulary* vocabulary, const Options& options)
      : runner_(runner), vocabulary_(vocabulary), options_(options) {}

  static std::size_t bound(std::size_t size);
  // `length`, unless null, gets what measure() would give if all is text: else that is not known
  // without coding again.
  Result<std::size_t> encode(Bytes input, MutableBytes output, LlmCodeLength* length);
  // `header` was read off the beginning of the stream, and `rest` is what follows; the header's
  // model is the runner's. Positions that the model was not trained for are no input of ours.
  Result<std::size_t> decode(const MixedHeader& header, Bytes rest, MutableBytes output);
  LlmCodeLength measure(Bytes input);

  // Of the language model, at most.
  static std::size_t predictions_at_once(const TransformerShape& shape, const Options& options,
                                         std::size_t size);
  // The language model's weights and scratch apart, and the vocabulary.
  static std::uint64_t memory_bytes(const TransformerShape& shape, const Options& options,
                                    std::size_t size);

 private:
  MixedOptions stream_options(std::size_t text_size) const;
  // Completes the header; absent if the text would not be shorter.
  std::optional<LlmCodeLength> encode_text(MixedHeader& header, Bytes text,
                                           std::vector<std::byte>& coded);

  // Calls use() with what codes text.
  template <class Use>
  auto with_stream(const MixedOptions& options, const Use& use);

  SegmentRunner& runner_;
  const SortedVocabulary* vocabulary_;
  Options options_;
};

}  // namespace evalzip
