#include "codecs/rans_block.h"

#include <algorithm>

namespace evalzip {
namespace {

// What wide stores may touch below and above the words.
constexpr std::size_t kSlack = 128;

bool all_at_start(const RansStates& states, int lanes) {
  return std::all_of(states.begin(), states.begin() + lanes,
                     [](std::uint32_t x) { return x == kRansLowest; });
}

bool all_valid(const RansStates& states, int lanes) {
  return std::all_of(states.begin(), states.begin() + lanes,
                     [](std::uint32_t x) { return x >= kRansLowest; });
}

std::uint8_t pop_ranked(const RankedModel& model, std::uint32_t& x, RansWordReader& words) {
  const std::uint32_t slot = rans_slot(x, model.bits);
  const auto above = std::upper_bound(model.low.begin(), model.low.begin() + model.size, slot);
  const auto rank = above - model.low.begin() - 1;
  x = rans_pop(x, model.width[rank], slot - model.low[rank], model.bits);
  words.refill(x);
  return model.symbol[rank];
}

std::uint8_t pop_pair(const PairSlots& model, std::uint32_t context, std::uint32_t& x,
                      RansWordReader& words) {
  const std::uint32_t at = context << model.bits() | rans_slot(x, model.bits());
  const PairSlot slot = PairSlot::unpack(model.slots()[at]);
  x = rans_pop(x, slot.width, slot.place, model.bits());
  words.refill(x);
  return static_cast<std::uint8_t>(slot.symbol);
}

}  // namespace

std::uint8_t* RansSymbolCoder::room_for_words(std::size_t symbols) {
  // One word per symbol always suffices, and is only touched where words really come to lie.
  const std::size_t room = 2 * symbols + 2 * kSlack;
  if (words_room_ < room) {
    words_ = std::make_unique_for_overwrite<std::uint8_t[]>(room);
    words_room_ = room;
  }
  return words_.get() + words_room_ - kSlack;
}

RansPayload RansSymbolCoder::encode(const RansBlock& block, std::span<const std::uint8_t> input) {
  std::uint8_t* const end = room_for_words(input.size());
  RansPayload payload;
  payload.states.fill(kRansLowest);
  const std::uint8_t* first = block.form == RansForm::order1
                                  ? encode1(block, input, payload.states, end)
                                  : encode0(block, input, payload.states, end);
  payload.words = {first, end};
  return payload;
}

bool RansSymbolCoder::decode(const RansBlock& block, const RansPayload& payload,
                             std::span<std::uint8_t> output) {
  if (!all_valid(payload.states, block.lanes)) return false;
  return block.form == RansForm::order1 ? decode1(block, payload, output)
                                        : decode0(block, payload, output);
}

std::uint8_t* RansSymbolCoder::encode0(const RansBlock& block, std::span<const std::uint8_t> input,
                                       RansStates& states, std::uint8_t* words) {
  const RankedModel model(block.frequencies, block.bits);
  const std::size_t steps = input.size() / block.lanes;
  RansWordWriter writer(words);
  for (std::size_t i = input.size(); i-- > steps * block.lanes;) {
    const int rank = model.rank[input[i]];
    const RansInterval interval{model.low[rank], model.width[rank]};
    rans_push(states[i % block.lanes], interval, rans_reciprocal(interval.width, block.bits),
              block.bits, writer);
  }
  return kernels_.encode0({model, block.lanes, input.data(), steps, states, writer.at()});
}

bool RansSymbolCoder::decode0(const RansBlock& block, const RansPayload& payload,
                              std::span<std::uint8_t> output) {
  const RankedModel model(block.frequencies, block.bits);
  RansStates states = payload.states;
  const std::uint8_t* const end = payload.words.data() + payload.words.size();
  RansDecode0 job{.model = model,
                  .lanes = block.lanes,
                  .output = output.data(),
                  .steps = output.size() / block.lanes,
                  .states = states,
                  .words = payload.words.data(),
                  .words_end = end};
  const std::size_t done = kernels_.decode0(job);
  RansWordReader words(job.words, end);
  for (std::size_t i = done * block.lanes; i < output.size(); ++i) {
    output[i] = pop_ranked(model, states[i % block.lanes], words);
  }
  return all_at_start(states, block.lanes) && !words.exhausted() && words.at() == end;
}

std::uint8_t* RansSymbolCoder::encode1(const RansBlock& block, std::span<const std::uint8_t> input,
                                       RansStates& states, std::uint8_t* words) {
  pairs_.assign(*block.rows, block.bits);
  const std::size_t segment = segment_size(input.size(), block.lanes);
  RansWordWriter writer(words);
  for (std::size_t i = input.size(); i-- > segment * block.lanes;) {
    const std::uint32_t context = i == 0 ? 0 : input[i - 1];
    const RansInterval interval =
        PairModel::unpack(pairs_.intervals()[pair_at(std::uint32_t{input[i]} << 8 | context)]);
    rans_push(states[block.lanes - 1], interval, rans_reciprocal(interval.width, block.bits),
              block.bits, writer);
  }
  return kernels_.encode1({.model = pairs_,
                           .lanes = block.lanes,
                           .input = input.data(),
                           .segment = segment,
                           .first_step = 0,
                           .last_step = segment,
                           .states = states,
                           .words = writer.at()});
}

bool RansSymbolCoder::decode1(const RansBlock& block, const RansPayload& payload,
                              std::span<std::uint8_t> output) {
  slots_.assign(*block.rows, block.bits);
  RansStates states = payload.states;
  const std::size_t segment = segment_size(output.size(), block.lanes);
  const std::uint8_t* const end = payload.words.data() + payload.words.size();
  RansDecode1 job{.model = slots_,
                  .lanes = block.lanes,
                  .output = output.data(),
                  .segment = segment,
                  .states = states,
                  .words = payload.words.data(),
                  .words_end = end};
  const std::size_t done = kernels_.decode1(job);
  RansWordReader words(job.words, end);
  for (std::size_t step = done; step < segment; ++step) {
    for (int lane = 0; lane < block.lanes; ++lane) {
      std::uint8_t* const at = output.data() + lane * segment + step;
      *at = pop_pair(slots_, step == 0 ? 0 : at[-1], states[lane], words);
    }
  }
  for (std::size_t i = segment * block.lanes; i < output.size(); ++i) {
    output[i] = pop_pair(slots_, i == 0 ? 0 : output[i - 1], states[block.lanes - 1], words);
  }
  return all_at_start(states, block.lanes) && !words.exhausted() && words.at() == end;
}

}  // namespace evalzip
