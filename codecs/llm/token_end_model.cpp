#include "codecs/llm/token_end_model.h"

#include <algorithm>

#include "codecs/context/context_hash.h"
#include "codecs/context/squash.h"

namespace evalzip {
namespace {

constexpr unsigned kHashBits = 16;  // of each context
constexpr std::uint32_t kLimit = 255;
constexpr unsigned kMapRate = 6;
constexpr std::size_t kMapContexts = 4096;

// Each context has two inputs, as in the strong model.
enum Input : std::size_t { kModel, kBias, kAfterToken, kAtNode, kFirstContext };
constexpr std::int32_t kModelWeight = 40'000, kContextWeight = 12'000;  // in units of 2^-16

enum Set : std::size_t { kByModel, kByLastByte, kBySeen, kByNode, kSets };
constexpr std::size_t kModelSteps = 24;  // of its log odds
constexpr std::size_t kNodes = 1024;

Mixer::Shape shape(std::size_t contexts) {
  static constexpr std::array<std::size_t, kSets> kSetRows = {kModelSteps, 256, 128, kNodes};
  return {.inputs = kFirstContext + 2 * contexts, .set_rows = kSetRows, .final_rows = 1};
}

std::size_t model_step(int log_odds) {
  return static_cast<std::size_t>(log_odds + kMostStretch) * kModelSteps / (2 * kMostStretch + 1);
}

std::uint32_t last(std::uint64_t recent, unsigned bytes) {
  const std::uint64_t kept = recent << (64 - 8 * bytes) >> (64 - 8 * bytes);
  return combine(static_cast<std::uint32_t>(kept), static_cast<std::uint32_t>(kept >> 32), bytes);
}

}  // namespace

TokenEndModel::TokenEndModel(Isa isa)
    : mixer_(shape(kContexts), isa),
      learned_(kContexts << kHashBits),
      after_token_(kMapContexts),
      at_node_(kMapContexts) {
  mixer_.set_initial_weight(kModel, kModelWeight);
  for (std::size_t i = 0; i < kContexts; ++i) {
    mixer_.set_initial_weight(kFirstContext + 2 * i, kContextWeight);
  }
}

std::size_t TokenEndModel::bytes() {
  return Mixer::bytes(shape(kContexts)) + (kContexts << kHashBits) * sizeof(AdaptiveProbability) +
         2 * InterpolatedMap::bytes(kMapContexts);
}

unsigned TokenEndModel::predict_from_contexts(const Place& place) {
  const std::array<std::uint32_t, kContexts> contexts = {place.node,
                                                         combine(place.node, place.before),
                                                         last(place.recent, 2),
                                                         last(place.recent, 3),
                                                         last(place.recent, 4),
                                                         last(place.recent, 6),
                                                         last(place.recent, 8)};
  unsigned met = 0;
  for (std::size_t i = 0; i < kContexts; ++i) {
    const std::uint32_t hash = combine(contexts[i], static_cast<std::uint32_t>(i));
    used_[i] = &learned_[(i << kHashBits) + (hash >> (32 - kHashBits))];
    const bool known = used_[i]->count() > 0;
    const auto probability = static_cast<int>(used_[i]->probability12());
    mixer_.set_input(kFirstContext + 2 * i,
                     known ? stretch(static_cast<std::uint32_t>(probability)) : 0);
    mixer_.set_input(kFirstContext + 2 * i + 1, known ? (probability - 2048) / 2 : 0);
    met |= known ? 1u << i : 0;
  }
  return met;
}

void TokenEndModel::predict(const Place& place) {
  after_token_.select(combine(place.before, 1) % kMapContexts);
  at_node_.select(combine(place.node, 2) % kMapContexts);
  mixer_.set_input(kModel, place.log_odds);
  mixer_.set_input(kBias, 256);
  mixer_.set_input(kAfterToken, stretch(after_token_.refine(place.log_odds) >> 4));
  mixer_.set_input(kAtNode, stretch(at_node_.refine(place.log_odds) >> 4));
  mixer_.select(kBySeen, predict_from_contexts(place));
  mixer_.select(kByModel, model_step(place.log_odds));
  mixer_.select(kByLastByte, place.recent & 255u);
  mixer_.select(kByNode, place.node % kNodes);
  probability_ = squash(mixer_.mix(0));
}

void TokenEndModel::update(bool ends) {
  mixer_.update(ends);
  after_token_.update(ends, kMapRate);
  at_node_.update(ends, kMapRate);
  for (AdaptiveProbability* used : used_) used->update(ends, kLimit);
}

}  // namespace evalzip
