// One number for all that a model predicts of 2,000 tokens, whatever computes it and in what order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include "codecs/llm/token_counts.h"
#include "codecs/llm/transformer.h"

namespace evalzip {

constexpr std::size_t kHashedTokens = 2000;

// How the rows are cut into calls.
struct Run {
  const EngineKernels* kernels;
  unsigned threads;
  std::size_t batch;     // of one text; the whole context at once is how an encoder runs
  bool in_step = false;  // one row of each text instead, as a decoder runs
};

inline std::vector<std::uint32_t> random_tokens(std::uint64_t seed, std::size_t count,
                                                std::size_t vocabulary) {
  std::mt19937_64 random(seed);
  std::vector<std::uint32_t> tokens(count);
  for (std::uint32_t& token : tokens) {
    token = static_cast<std::uint32_t>((random() >> 20) % vocabulary);
  }
  return tokens;
}

// FNV-1a (Fowler, Noll, Vo 1991), a whole number at a time.
template <class Number>
std::uint64_t hash_of(std::span<const Number> numbers, std::uint64_t hash = 0xcbf29ce484222325) {
  for (const Number number : numbers) {
    hash = (hash ^ static_cast<std::make_unsigned_t<Number>>(number)) * 0x100000001b3;
  }
  return hash;
}

// Random texts, each as long as the context, and at each of their positions the hash of the logits
// and of what the coder makes of them.
class HashedTexts {
 public:
  HashedTexts(const TransformerWeights& weights, const Run& run)
      : shape_(weights.shape()),
        kernels_(*run.kernels),
        team_(run.threads),
        transformer_(weights, shape_.context, team_, kernels_),
        counts_(run.threads),
        hashes_((kHashedTokens + shape_.context - 1) / shape_.context * shape_.context) {
    for (std::size_t first = 0; first < hashes_.size(); first += shape_.context) {
      tokens_.push_back(random_tokens(first, shape_.context, shape_.vocabulary));
      caches_.push_back(std::make_unique<KeyValueCache>(shape_, shape_.context));
    }
    if (run.in_step) {
      take_in_step();
    } else {
      take_one_by_one(run.batch);
    }
  }

  std::uint64_t hash() const { return hash_of(std::span<const std::uint64_t>(hashes_)); }

 private:
  void take_in_step() {
    for (std::size_t i = 0; i < shape_.context; ++i) {
      for (std::size_t text = 0; text < tokens_.size(); ++text) add_row(text, i);
      run();
    }
  }

  void take_one_by_one(std::size_t batch) {
    for (std::size_t text = 0; text < tokens_.size(); ++text) {
      for (std::size_t i = 0; i < shape_.context; i += batch) {
        for (std::size_t k = i; k < std::min(i + batch, shape_.context); ++k) add_row(text, k);
        run();
      }
    }
  }

  void add_row(std::size_t text, std::size_t position) {
    rows_.push_back({.cache = caches_[text].get(),
                     .token = tokens_[text][position],
                     .position = position,
                     .predicts = true});
    places_.push_back(text * shape_.context + position);
  }

  void run() {
    transformer_.run(rows_, [&](std::size_t row, const Logits& logits, unsigned thread) {
      const std::uint64_t hash = hash_of(logits.values);
      counts_[thread].assign(logits, kernels_.rows);
      const Interval interval = counts_[thread].interval(rows_[row].token);
      const std::uint32_t counts[] = {counts_[thread].total(), interval.low, interval.width};
      hashes_[places_[row]] = hash_of(std::span<const std::uint32_t>(counts), hash);
    });
    rows_.clear();
    places_.clear();
  }

  const TransformerShape& shape_;
  const EngineKernels& kernels_;
  ThreadTeam team_;
  Transformer transformer_;
  std::vector<TokenCounts> counts_;  // of each thread
  std::vector<std::vector<std::uint32_t>> tokens_;
  std::vector<std::unique_ptr<KeyValueCache>> caches_;
  std::vector<TokenRow> rows_;
  std::vector<std::size_t> places_;    // of each row in hashes_
  std::vector<std::uint64_t> hashes_;  // [text][position]
};

inline std::uint64_t hash_of_logits(const TransformerWeights& weights, const Run& run) {
  return HashedTexts(weights, run).hash();
}

}  // namespace evalzip
