#include "codecs/llm/segment_runner.h"

namespace evalzip {
namespace {

// How many rows may be taken in at once. Where a segment starts anew its positions are written
// again, so the rows that still attend to what they held must be done.
std::size_t batch_of(std::span<const TokenRow> rows) {
  const std::size_t most = std::min(SegmentRunner::kBatchRows, rows.size());
  for (std::size_t i = 1; i < most; ++i) {
    const bool same = rows[i].cache == rows[i - 1].cache;
    if (same && rows[i].position != rows[i - 1].position + 1) return i;
  }
  return most;
}

}  // namespace

KeyValueCache& SegmentRunner::cache(std::size_t index, std::size_t positions) {
  if (positions > positions_) {
    caches_.clear();
    transformer_ = std::make_unique<Transformer>(model_->weights, positions, team_, kernels_);
    positions_ = positions;
  }
  while (caches_.size() <= index) {
    caches_.push_back(std::make_unique<KeyValueCache>(model_->weights.shape(), positions_));
  }
  return *caches_[index];
}

void SegmentRunner::run(std::span<const TokenRow> rows, const Transformer::UsePrediction& use) {
  for (std::size_t begin = 0; begin < rows.size();) {
    const std::size_t count = batch_of(rows.subspan(begin));
    transformer_->run(rows.subspan(begin, count),
                      [&](std::size_t row, const Logits& logits, unsigned thread) {
                        use(begin + row, logits, thread);
                      });
    begin += count;
  }
}

}  // namespace evalzip
