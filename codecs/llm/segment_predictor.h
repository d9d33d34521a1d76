// What a language model predicts of segments whose tokens are known: the encoder's side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "codecs/llm/llm_code_length.h"
#include "codecs/llm/segment_runner.h"
#include "codecs/llm/token_context.h"
#include "codecs/llm/token_counts.h"

namespace evalzip {

// Batches are filled with the rows of a segment over time, and where it ends with those of the
// next.
class SegmentPredictor {
 public:
  // Segments whose rows may be in one batch: each needs a cache of its own.
  static constexpr std::size_t kMostOpen = 4;

  struct Options {
    std::uint32_t begin_symbol;
    std::size_t positions;  // of the context
    std::size_t taken;      // of those, at most, by any segment
  };

  // There are counts for each thread. All outlive the predictor.
  SegmentPredictor(SegmentRunner& runner, std::span<TokenCounts> counts, const Options& options)
      : runner_(runner), counts_(counts), options_(options) {}

  // Calls done(std::span<const CodedToken>) for the segments that are done: in order, each once,
  // now or at a later call.
  template <class Done>
  void add(std::vector<Symbol> tokens, const Done& done) {
    if (open_.size() == kMostOpen) run(done);
    open_.push_back({.tokens = std::move(tokens), .coded = {}, .cache = free_cache()});
    Segment& segment = open_.back();
    segment.coded.resize(segment.tokens.size());
    const TransformerShape& shape = runner_.model().weights.shape();
    TokenContext context(runner_.cache(segment.cache, options_.taken), options_.begin_symbol,
                         options_.positions);
    for (std::size_t i = 0; i < segment.tokens.size(); ++i) {
      if (i == 0) context.begin(rows_);
      if (i != 0) context.take(segment.tokens[i - 1], rows_);
      for (std::size_t row = targets_.size(); row < rows_.size(); ++row) {
        segment.coded[i].multiply_adds +=
            shape.multiply_adds(rows_[row].position, rows_[row].predicts);
      }
      targets_.resize(rows_.size(), {&segment, i});
      if (rows_.size() >= SegmentRunner::kBatchRows) run(done);
    }
    segment.whole = true;
  }

  // Predicts what was added: to be called at the end.
  template <class Done>
  void run(const Done& done) {
    runner_.run(rows_, [&](std::size_t row, const Logits& logits, unsigned thread) {
      const auto [segment, i] = targets_[row];
      TokenCounts& counts = counts_[thread];
      counts.assign(logits, runner_.kernels().rows);
      CodedToken& coded = segment->coded[i];
      coded.interval = counts.interval(segment->tokens[i]);
      coded.total = counts.total();
      coded.model_bits = counts.model_bits(segment->tokens[i]);
    });
    rows_.clear();
    targets_.clear();
    for (; !open_.empty() && open_.front().whole; open_.pop_front()) {
      done(std::span<const CodedToken>(open_.front().coded));
    }
  }

 private:
  struct Segment {
    std::vector<Symbol> tokens;
    std::vector<CodedToken> coded;
    std::size_t cache;
    bool whole = false;  // all of its rows are in batches
  };
  // The token that a row, or the last beside it, predicts.
  struct Target {
    Segment* segment;
    std::size_t token;
  };

  std::size_t free_cache() const {
    std::size_t cache = 0;
    while (std::ranges::find(open_, cache, &Segment::cache) != open_.end()) ++cache;
    return cache;
  }

  SegmentRunner& runner_;
  std::span<TokenCounts> counts_;
  Options options_;
  std::deque<Segment> open_;
  std::vector<TokenRow> rows_;
  std::vector<Target> targets_;  // of each row
};

}  // namespace evalzip
