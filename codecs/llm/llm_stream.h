// Bytes to a stream coded by a language model, and back. Format: docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "codecs/codec.h"
#include "codecs/llm/language_model.h"
#include "codecs/llm/llm_header.h"
#include "codecs/llm/segment_decoder.h"
#include "codecs/llm/token_context.h"
#include "codecs/llm/token_counts.h"
#include "codecs/llm/tokenizer.h"
#include "codecs/llm/transformer.h"

namespace evalzip {

struct LlmOptions {
  std::size_t segments = 0;   // coded side by side; 0: by size
  std::size_t positions = 0;  // of the context; 0: the model's, at most kMostPresetPositions
  unsigned threads = 1;
};

constexpr std::size_t kMostPresetPositions = 2048;

// The bytes were coded with another model: not a fault of theirs. The message names both.
class WrongModel : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The three parts of what coding costs, in bits, beside the bytes in the end.
struct CodedToken {
  Interval interval;
  std::uint32_t total;
  double model_bits;
  std::uint64_t multiply_adds = 0;
};

struct LlmCodeLength {
  std::uint64_t tokens = 0;
  double model_bits = 0;  // cross-entropy of the model's softmax
  // Of the integer counts that stand for it: what a perfect coder spends. It may be less: no token
  // costs more than 31 bits and a fraction, however impossible the model thinks it.
  double count_bits = 0;
  std::uint64_t multiply_adds = 0;  // that the model's definition asks for

  void add(const CodedToken& token);
};

class LlmStream {
 public:
  LlmStream(std::shared_ptr<const LanguageModel> model, const LlmOptions& options,
            const EngineKernels& kernels);

  // Memory that coding `size` bytes takes, the model included: the weights, twice (keys and values)
  // the state of each segment, and the rows in flight.
  static std::uint64_t memory_bytes(const ModelFile& model, const LlmOptions& options,
                                    std::size_t size);

  static std::size_t bound(std::size_t size);
  // `length`, unless null, gets what measure() would give.
  Result<std::size_t> encode(Bytes input, MutableBytes output, LlmCodeLength* length = nullptr);
  // Throws WrongModel.
  Result<std::size_t> decode(Bytes input, MutableBytes output);
  LlmCodeLength measure(Bytes input);

  const LanguageModel& model() const { return *model_; }
  std::size_t positions() const { return positions_; }

 private:
  std::uint32_t begin_symbol() const;
  std::vector<Symbol> spelt(Bytes segment) const;
  // Calls put(CodedToken) for each token of one segment, in order.
  template <class Put>
  void predict(std::span<const Symbol> tokens, const Put& put);
  void run(std::span<const TokenRow> rows, const Transformer::UsePrediction& use);
  // The cache of a segment; makes it, and the transformer, for that many positions.
  KeyValueCache& cache(std::size_t index, std::size_t positions);
  void check_model(const LlmHeader& header) const;
  bool decode_in_step(std::span<SegmentDecoder> decoders);

  std::shared_ptr<const LanguageModel> model_;
  LlmOptions options_;
  const EngineKernels& kernels_;
  std::size_t positions_;
  ThreadTeam team_;
  std::unique_ptr<Transformer> transformer_;
  std::size_t transformer_positions_ = 0;
  std::vector<std::unique_ptr<KeyValueCache>> caches_;
  std::vector<TokenCounts> counts_;  // of each thread
};

}  // namespace evalzip
