// What a kind of content makes of the bytes so far: the contexts of its next byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/context/byte_history.h"
#include "codecs/context/content.h"
#include "codecs/context/context_hash.h"

namespace evalzip {

// The contexts of one byte. Each context and nibble has a slot of bit histories.
struct ByteContexts {
  static constexpr std::size_t kMost = 32;

  // A context; its place in the order of additions is part of it.
  void add(std::uint32_t context) {
    hashes[number] = combine(context, static_cast<std::uint32_t>(number) + 1);
    ++number;
  }

  std::array<std::uint32_t, kMost> hashes;
  std::size_t number = 0;
  // Which rows two sets of the mixer use for the byte: each below kSelectorRows.
  std::array<std::uint32_t, 2> selectors{};
  // What two maps behind the mixer go by, beside the bits of the byte so far.
  std::array<std::uint32_t, 2> map_contexts{};
};

inline constexpr std::size_t kSelectorRows = 1024;
inline constexpr std::size_t kMostPredictions = 16;

// One for each kind of content. It follows all bytes while its kind is the current one.
class ContextSet {
 public:
  virtual ~ContextSet() = default;

  // How many contexts it gives for every byte, at most ByteContexts::kMost.
  virtual std::size_t number() const = 0;
  // How many predictions of its own it makes for every bit, at most kMostPredictions.
  virtual std::size_t predictions() const { return 0; }

  // What comes next begins at the history's position, or goes on there.
  virtual void begin(const Segment& /*segment*/, const ByteHistory& /*history*/) {}

  // Called after each byte, and once when the kind becomes current. `expected` is what a match
  // predicts, as MatchModel::expected_byte, and `confidence` its bucket.
  struct Match {
    std::uint32_t expected, bucket;
  };
  virtual void next_byte(const ByteHistory& history, Match match, ByteContexts& contexts) = 0;

  // If it makes predictions: the log odds of each, before every bit, whose byte so far is `node` (a
  // 1, then its bits); and after it. May choose other rows by `contexts`.
  virtual void predict(std::uint32_t /*node*/, std::span<int> /*log_odds*/,
                       ByteContexts& /*contexts*/) {}
  virtual void learn(bool /*bit*/) {}
};

}  // namespace evalzip
