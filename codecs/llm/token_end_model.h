// Whether a token ends where it can: what the language model says, and what was true before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/context/adaptive_probability.h"
#include "codecs/context/interpolated_map.h"
#include "codecs/context/mixer.h"
#include "codecs/cpu_features.h"

namespace evalzip {

// For each decision: predict, then update.
class TokenEndModel {
 public:
  static constexpr unsigned kProbabilityBits = 16;

  explicit TokenEndModel(Isa isa);
  static std::size_t bytes();

  struct Place {
    int log_odds;          // of the language model, as in squash.h
    std::uint32_t node;    // the bytes of the token so far
    std::uint32_t before;  // the token before
    std::uint64_t recent;  // the last eight bytes, the last one lowest
  };
  void predict(const Place& place);
  std::uint32_t probability_of_one() const { return probability_; }
  void update(bool ends);

 private:
  static constexpr std::size_t kContexts = 7;

  // Returns which contexts were met before, a bit for each.
  unsigned predict_from_contexts(const Place& place);

  Mixer mixer_;
  std::vector<AdaptiveProbability> learned_;  // [context][hash]
  InterpolatedMap after_token_, at_node_;     // what was true when the model said so
  std::array<AdaptiveProbability*, kContexts> used_{};
  std::uint32_t probability_ = 1u << 15;
};

}  // namespace evalzip
