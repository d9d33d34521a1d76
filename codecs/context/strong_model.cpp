#include "codecs/context/strong_model.h"

#include <algorithm>
#include <utility>

#include "codecs/context/binary_contexts.h"
#include "codecs/context/image_contexts.h"
#include "codecs/context/markup_contexts.h"
#include "codecs/context/multilingual_contexts.h"
#include "codecs/context/text_contexts.h"

namespace evalzip {
namespace {

constexpr unsigned kShortMatch = 7, kLongMatch = 12;
constexpr std::uint32_t kHistoryLimit = 1023, kOrder1Limit = 255;
constexpr unsigned kMapRate = 6;
constexpr std::size_t kMapContexts = 4096, kGuestMapContexts = 1 << 16;

// Where the inputs of the mixer lie. Each context has two: the log odds, and the probability's
// distance from 1/2, which speaks up only when it is sure.
enum Input : std::size_t {
  kOrder0,
  kOrder1,
  kOrder1Distance,
  kMatch,
  kBias = kMatch + 4,
  kGuest,
  kGuestDistance,
  kGuestAfterByte,   // what was true when the guest said so: after the last byte,
  kGuestAfterBytes,  // and after the last two
  kFirstContext
};
constexpr std::int32_t kInitialWeight = 8'000, kGuestWeight = 20'000,
                       kPredictionWeight = 10'000;  // in units of 2^-16

// The sets of weights, by what chooses their row.
enum Set : std::size_t {
  kByNode,
  kByLastByte,
  kBySeen,
  kByMatch,
  kBySelector0,
  kBySelector1,
  kByGuest,  // with a guest only
  kSets
};
constexpr std::size_t kGuestSteps = 32;              // of its log odds
constexpr std::size_t kGuestRows = 8 * kGuestSteps;  // of each kind

// The maps of what was true when the guest, or the mixture beside it, said what it says.
enum GuestMap : std::size_t { kAfterByte, kAfterBytes, kBesideGuest, kGuestMaps };

int distance(std::uint32_t probability12) { return (static_cast<int>(probability12) - 2048) / 2; }

struct Rows {
  explicit Rows(unsigned guests)
      : of_sets{256,
                256,
                8 * (ByteContexts::kMost + 1),
                std::size_t{8} * MatchModel::kBuckets,
                kSelectorRows,
                kSelectorRows,
                guests * kGuestRows},
        sets(guests > 0 ? kSets : kByGuest),
        final_rows(256 * std::max(guests, 1u)) {}

  std::array<std::size_t, kSets> of_sets;
  std::size_t sets, final_rows;
};

Mixer::Shape shape(std::size_t contexts, std::size_t predictions, const Rows& rows) {
  return {.inputs = kFirstContext + 2 * contexts + predictions,
          .set_rows = std::span(rows.of_sets).first(rows.sets),
          .final_rows = rows.final_rows};
}

bool is_distance(std::size_t input) {
  return input == kOrder1Distance || input == kGuestDistance || input == kMatch + 1 ||
         input == kMatch + 3 || (input > kFirstContext && (input - kFirstContext) % 2 == 1);
}

std::unique_ptr<ContextSet> set_for(Content content) {
  switch (content) {
    case Content::text:
      return text_contexts();
    case Content::image:
      return image_contexts();
    case Content::markup:
      return markup_contexts();
    case Content::multilingual:
      return multilingual_contexts();
    default:
      return binary_contexts();
  }
}

std::size_t guest_step(int log_odds) {
  return static_cast<std::size_t>(log_odds + kMostStretch) * kGuestSteps / (2 * kMostStretch + 1);
}

}  // namespace

struct StrongModel::Kind {
  Kind(std::unique_ptr<ContextSet> content, Isa isa, unsigned guests)
      : set(std::move(content)),
        mixer(shape(set->number(), set->predictions(), Rows(guests)), isa),
        probabilities(set->number()),
        predictions(set->predictions()) {
    const std::size_t first_prediction = kFirstContext + 2 * set->number();
    for (std::size_t input = 0; input < first_prediction + predictions; ++input) {
      if (input >= first_prediction) {
        mixer.set_initial_weight(input, kPredictionWeight);
      } else if (!is_distance(input)) {
        mixer.set_initial_weight(input, predictions > 0 ? kInitialWeight / 4 : kInitialWeight);
      }
    }
    if (guests > 0) mixer.set_initial_weight(kGuest, kGuestWeight);
    for (auto& of_context : probabilities) {
      for (unsigned history = 0; history < 256; ++history) {
        const auto [zeros, ones] = bit_histories().counts(static_cast<std::uint8_t>(history));
        of_context[history] =
            AdaptiveProbability((65536u * (5u * ones + 2u)) / (5u * (zeros + ones) + 4u));
      }
    }
  }

  std::unique_ptr<ContextSet> set;
  Mixer mixer;
  std::vector<std::array<AdaptiveProbability, 256>> probabilities;  // [context][bit history]
  std::size_t predictions;
};

StrongModel::StrongModel(const std::uint8_t* bytes, Size size, Isa isa, unsigned guests)
    : histories_(bit_histories()),
      isa_(isa),
      history_{.bytes = bytes},
      slots_(size.line_bits),
      matches_{MatchModel(kShortMatch, size.match_bits), MatchModel(kLongMatch, size.match_bits)},
      maps_{InterpolatedMap(1024), InterpolatedMap(kMapContexts), InterpolatedMap(kMapContexts)},
      order_1_(65536),
      guests_(guests) {
  if (guests == 0) return;
  guest_maps_.emplace_back(guests * 256 * 256);
  guest_maps_.emplace_back(kGuestMapContexts);
  guest_maps_.emplace_back(256 * kGuestSteps);
}

StrongModel::~StrongModel() = default;

void StrongModel::begin(const Segment& segment) {
  std::unique_ptr<Kind>& kind = kinds_[static_cast<std::size_t>(segment.content)];
  if (kind == nullptr) {
    kind = std::make_unique<Kind>(set_for(segment.content), isa_, guests_);
  }
  kind_ = kind.get();
  contexts_.number = 0;
  if (guests_ > 0) {
    kind_->set = nullptr;  // each part has its own
    return;
  }
  kind_->set->begin(segment, history_);
  open_byte();
  predict();
}

void StrongModel::exchange(Part& part) {
  std::swap(history_, part.history);
  std::swap(kind_->set, part.contexts);
  for (std::size_t i = 0; i < matches_.size(); ++i) matches_[i].exchange(part.matches[i]);
}

// What the model knows when the part's turn comes, not when its last byte was coded, is what it is
// predicted from.
void StrongModel::open(Part& part) {
  exchange(part);
  if (kind_->set == nullptr) {
    kind_->set = text_contexts();
    for (MatchModel& match : matches_) match.forget();
  } else {
    history_.advance();
    for (MatchModel& match : matches_) match.look_ahead(history_);
    for (MatchModel& match : matches_) match.next_byte(history_);
  }
  open_byte();
}

void StrongModel::open_byte() {
  node_ = 1;
  bits_known_ = 0;
  contexts_.map_contexts = {history_.last(1), history_.last(2)};
  contexts_.number = 0;
  kind_->set->next_byte(history_, {matches_[0].expected_byte(), matches_[0].bucket()}, contexts_);
  map_rows_ = {combine(contexts_.map_contexts[0], 1), combine(contexts_.map_contexts[1], 2)};
  open_nibble();
}

void StrongModel::next_byte() {
  history_.advance();
  for (MatchModel& match : matches_) match.look_ahead(history_);
  for (MatchModel& match : matches_) match.next_byte(history_);
  open_byte();
  predict();
}

// What lies in a run is not worth finding again.
void StrongModel::skip(const Segment& segment) {
  for (std::size_t i = 0; i < segment.size; ++i) {
    history_.advance();
    if (segment.content == Content::run) continue;
    for (MatchModel& match : matches_) match.skip_byte(history_);
  }
  for (MatchModel& match : matches_) match.forget();
}

// All lines are asked for before the first is read, so that their latencies overlap.
void StrongModel::open_nibble() {
  const std::size_t number = contexts_.number;
  if (bits_known_ == 4) {
    for (std::size_t i = 0; i < number; ++i) {
      contexts_.hashes[i] = slots_.within_page(contexts_.hashes[i], node_);
    }
  }
  for (std::size_t i = 0; i < number; ++i) slots_.prefetch(contexts_.hashes[i]);
  for (std::size_t i = 0; i < number; ++i) nibble_slots_[i] = slots_.find(contexts_.hashes[i]);
}

void StrongModel::update(bool bit) {
  learn(bit);
  if (bits_known_ != 8) predict();
}

void StrongModel::learn(bool bit) {
  kind_->mixer.update(bit);
  if (kind_->predictions > 0) kind_->set->learn(bit);
  for (InterpolatedMap& map : guest_maps_) map.update(bit, kMapRate);
  for (InterpolatedMap& map : maps_) map.update(bit, kMapRate);
  for (std::size_t i = 0; i < contexts_.number; ++i) {
    used_[i]->update(bit, kHistoryLimit);
    std::uint8_t& history = nibble_slots_[i][place_];
    history = histories_.next(history, bit);
  }
  order_0_[node_].update(bit, kHistoryLimit);
  order_1_[history_.last(1) << 8 | node_].update(bit, kOrder1Limit);
  for (MatchModel& match : matches_) match.update(bit);
  node_ = node_ * 2 + (bit ? 1 : 0);
  ++bits_known_;
  if (bits_known_ == 3) ask_for_second_nibble();
  if (bits_known_ == 4) open_nibble();
  if (bits_known_ == 7) {
    for (const MatchModel& match : matches_) match.ask_for_both(history_, node_);
  }
}

// The second nibble's lines are one of two for each context once three bits are known: asking for
// both leaves the time of a bit for them to come.
void StrongModel::ask_for_second_nibble() {
  for (std::size_t i = 0; i < contexts_.number; ++i) {
    slots_.prefetch(slots_.within_page(contexts_.hashes[i], 2 * node_));
    slots_.prefetch(slots_.within_page(contexts_.hashes[i], 2 * node_ + 1));
  }
}

void StrongModel::predict() {
  place_ = bits_known_ < 4
               ? node_ - 1
               : (node_ & ((1u << (bits_known_ - 4)) - 1)) + (1u << (bits_known_ - 4)) - 1;
  const std::uint32_t last = history_.last(1);
  for (std::size_t i = 0; i < map_rows_.size(); ++i) {
    maps_[i + 1].select((map_rows_[i] + node_) % kMapContexts);
  }
  predict_from_contexts();
  if (kind_->predictions > 0) predict_from_set();
  predict_from_matches();
  Mixer& mixer = kind_->mixer;
  mixer.set_input(kOrder0, stretch(order_0_[node_].probability12()));
  const std::uint32_t order_1 = order_1_[last << 8 | node_].probability12();
  mixer.set_input(kOrder1, stretch(order_1));
  mixer.set_input(kOrder1Distance, distance(order_1));
  if (guests_ > 0) predict_from_guest();
  select_weights();
  mixture_ = mixer.mix(guest_kind_ << 8 | node_);
  refine();
}

// A context that has not met this node has nothing to say.
void StrongModel::predict_from_contexts() {
  Kind& kind = *kind_;
  seen_ = 0;
  for (std::size_t i = 0; i < contexts_.number; ++i) {
    const std::uint8_t history = nibble_slots_[i][place_];
    AdaptiveProbability& probability = kind.probabilities[i][history];
    used_[i] = &probability;
    const std::uint32_t p = probability.probability12();
    const bool seen = history != 0;
    seen_ += seen ? 1 : 0;
    kind.mixer.set_input(kFirstContext + 2 * i, seen ? stretch(p) : 0);
    kind.mixer.set_input(kFirstContext + 2 * i + 1, seen ? distance(p) : 0);
  }
}

void StrongModel::predict_from_set() {
  std::array<int, kMostPredictions> log_odds{};
  const std::span used = std::span(log_odds).first(kind_->predictions);
  kind_->set->predict(node_, used, contexts_);
  for (std::size_t i = 0; i < used.size(); ++i) {
    kind_->mixer.set_input(kFirstContext + 2 * contexts_.number + i, used[i]);
  }
}

void StrongModel::predict_from_matches() {
  for (std::size_t i = 0; i < matches_.size(); ++i) {
    MatchModel& match = matches_[i];
    match.prepare(node_, bits_known_);
    const std::uint32_t p = match.predicts() ? match.probability().probability12() : 2048;
    kind_->mixer.set_input(kMatch + 2 * i, match.predicts() ? stretch(p) : 0);
    kind_->mixer.set_input(kMatch + 2 * i + 1, distance(p));
  }
}

void StrongModel::predict_from_guest() {
  Mixer& mixer = kind_->mixer;
  guest_maps_[kAfterByte].select(guest_kind_ << 16 | history_.last(1) << 8 | node_);
  guest_maps_[kAfterBytes].select((combine(history_.last(2), 3) + node_) % kGuestMapContexts);
  guest_maps_[kBesideGuest].select(guest_step(guest_) << 8 | node_);
  mixer.set_input(kGuest, guest_);
  mixer.set_input(kGuestDistance, distance(squash(guest_) >> 4));
  mixer.set_input(kGuestAfterByte, stretch(guest_maps_[kAfterByte].refine(guest_) >> 4));
  mixer.set_input(kGuestAfterBytes, stretch(guest_maps_[kAfterBytes].refine(guest_) >> 4));
  mixer.select(kByGuest, guest_kind_ * kGuestRows + guest_step(guest_) * 8 + bits_known_);
}

void StrongModel::select_weights() {
  Mixer& mixer = kind_->mixer;
  mixer.select(kByNode, node_);
  mixer.select(kByLastByte, history_.last(1));
  mixer.select(kBySeen, seen_ * 8 + bits_known_);
  mixer.select(kByMatch, matches_[0].bucket() * 8 + bits_known_);
  mixer.select(kBySelector0, contexts_.selectors[0]);
  mixer.select(kBySelector1, contexts_.selectors[1]);
}

// What was true when the mixture was predicted, in three contexts: weights of 2/8, 3/8, 3/8.
void StrongModel::refine() {
  const unsigned match = matches_[1].bucket() > 18  ? 3
                         : matches_[1].bucket() > 0 ? 2
                         : matches_[0].bucket() > 0 ? 1
                                                    : 0;
  maps_[0].select(match << 8 | node_);
  std::uint32_t sum =
      2 * maps_[0].refine(mixture_) + 3 * maps_[1].refine(mixture_) + 3 * maps_[2].refine(mixture_);
  if (guests_ > 0) sum = (3 * sum + 8 * guest_maps_[kBesideGuest].refine(mixture_)) / 4;
  probability_ = std::clamp(sum / 8, 1u, (1u << kProbabilityBits) - 1);
}

void StrongModel::predict_with(int guest, unsigned kind) {
  guest_ = guest;
  guest_kind_ = kind;
  predict();
}

// Of the kinds of content three are counted, of which few blocks hold more; with guests one.
std::size_t StrongModel::bytes(Size size, unsigned guests) {
  const std::size_t maps =
      guests > 0 ? guests * 256 * 256 + kGuestMapContexts + 256 * kGuestSteps : std::size_t{0};
  const std::size_t kind = Mixer::bytes(shape(ByteContexts::kMost, 0, Rows(guests))) +
                           ByteContexts::kMost * 256 * sizeof(AdaptiveProbability);
  return SlotTable::bytes(size.line_bits) + 2 * MatchModel::bytes(size.match_bits) +
         InterpolatedMap::bytes(1024 + 2 * kMapContexts + maps) +
         65536 * sizeof(AdaptiveProbability) + (guests > 0 ? 1 : 3) * kind;
}

}  // namespace evalzip
