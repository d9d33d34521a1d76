// A language model at work on several segments: its transformer, and what each segment has seen.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "codecs/llm/engine_kernels.h"
#include "codecs/llm/language_model.h"
#include "codecs/llm/thread_team.h"
#include "codecs/llm/transformer.h"

namespace evalzip {

class SegmentRunner {
 public:
  // Rows that are taken in at once; any number gives the same bits.
  static constexpr std::size_t kBatchRows = 256;

  SegmentRunner(std::shared_ptr<const LanguageModel> model, unsigned threads,
                const EngineKernels& kernels)
      : model_(std::move(model)), kernels_(kernels), team_(threads) {}

  const LanguageModel& model() const { return *model_; }
  const EngineKernels& kernels() const { return kernels_; }
  unsigned threads() const { return team_.size(); }

  // The cache of a segment; makes it, and the transformer, for that many positions.
  KeyValueCache& cache(std::size_t index, std::size_t positions);

  // As Transformer::run, for any number of rows, which may go over a segment's new start.
  void run(std::span<const TokenRow> rows, const Transformer::UsePrediction& use);

 private:
  std::shared_ptr<const LanguageModel> model_;
  const EngineKernels& kernels_;
  ThreadTeam team_;
  std::unique_ptr<Transformer> transformer_;
  std::size_t positions_ = 0;
  std::vector<std::unique_ptr<KeyValueCache>> caches_;
};

// Positions that a segment of so many bytes can take at most: each token but the begin symbol has
// at least one byte.
inline std::size_t positions_taken(std::size_t positions, std::size_t bytes) {
  return std::min(positions, bytes + 1);
}

}  // namespace evalzip
