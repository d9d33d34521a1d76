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
#include "codecs/llm/llm_code_length.h"
#include "codecs/llm/llm_header.h"
#include "codecs/llm/mixed_block.h"
#include "codecs/llm/segment_decoder.h"
#include "codecs/llm/segment_runner.h"
#include "codecs/llm/sorted_vocabulary.h"
#include "codecs/llm/token_context.h"
#include "codecs/llm/token_counts.h"
#include "codecs/llm/tokenizer.h"

namespace evalzip {

struct LlmOptions {
  std::size_t segments = 0;   // coded side by side; 0: by size
  std::size_t positions = 0;  // of the context; 0: the model's, at most kMostPresetPositions
  unsigned threads = 1;
  // How the model's predictions are coded: alone, or guiding a context-mixing model. automatic:
  // guiding, where tokens are bytes.
  enum class Mix { automatic, none, cm } mix = Mix::automatic;
};

constexpr std::size_t kMostPresetPositions = 2048;

// The bytes were coded with another model: not a fault of theirs. The message names both.
class WrongModel : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class LlmStream {
 public:
  LlmStream(std::shared_ptr<const LanguageModel> model, const LlmOptions& options,
            const EngineKernels& kernels);

  // Memory that coding `size` bytes takes, the model included: the weights, twice (keys and values)
  // the state of each segment, and the rows in flight.
  static std::uint64_t memory_bytes(const ModelFile& model, const LlmOptions& options,
                                    std::size_t size);
  // Of that, the state of a segment as long as the preset context.
  static std::uint64_t segment_bytes(const ModelFile& model);

  static std::size_t bound(std::size_t size);
  // `length`, unless null, gets what code_length() would give; its tokens stay 0 if that cannot be
  // known without coding again.
  Result<std::size_t> encode(Bytes input, MutableBytes output, LlmCodeLength* length = nullptr);
  // Throws WrongModel.
  Result<std::size_t> decode(Bytes input, MutableBytes output);
  // What the language model alone takes, whatever it is to guide.
  LlmCodeLength measure(Bytes input);
  // What encode() takes at least: without headers and what the coder loses.
  LlmCodeLength code_length(Bytes input);

  const LanguageModel& model() const { return runner_.model(); }
  std::size_t positions() const { return positions_; }

 private:
  std::uint32_t begin_symbol() const;
  // Whether the model guides context mixing.
  static bool mixes(const LlmOptions& options, const TransformerShape& shape);
  MixedBlock mixed();
  // Null where tokens are bytes.
  const SortedVocabulary* sorted();
  std::vector<Symbol> spelt(Bytes segment) const;
  // Calls done(std::span<const CodedToken>) for each of `count` segments of the input, in order.
  template <class Done>
  void predict(Bytes input, std::size_t count, const Done& done);
  void check_model(const ModelId& coded_with) const;
  Result<std::size_t> decode_mixed(Bytes input, MutableBytes output);
  bool decode_in_step(std::span<SegmentDecoder> decoders);

  SegmentRunner runner_;
  LlmOptions options_;
  std::size_t positions_;
  std::optional<SortedVocabulary> sorted_;  // once it is needed
  std::vector<TokenCounts> counts_;         // of each thread
};

}  // namespace evalzip
