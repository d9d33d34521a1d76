// rANS kernels in plain C++: what the wide ones must equal.
#include <memory>

#include "codecs/rans_kernels.h"

namespace evalzip {
namespace {

struct PushEntry {
  std::uint64_t reciprocal;
  RansInterval interval;
};

std::array<PushEntry, 256> push_entries(const RankedModel& model) {
  std::array<PushEntry, 256> entries{};
  for (int r = 0; r < model.size; ++r) {
    entries[model.symbol[r]] = {rans_reciprocal(model.width[r], model.bits),
                                {model.low[r], model.width[r]}};
  }
  return entries;
}

// The lane count as a constant lets the compiler keep four states in registers.
template <int kLanes>
std::uint8_t* encode0_lanes(const RansEncode0& job) {
  const std::array<PushEntry, 256> entries = push_entries(job.model);
  const int bits = job.model.bits;
  RansStates states = job.states;
  RansWordWriter words(job.words);
  for (std::size_t step = job.steps; step-- > 0;) {
    const std::uint8_t* symbols = job.input + step * kLanes;
    for (int lane = kLanes; lane-- > 0;) {
      const PushEntry& entry = entries[symbols[lane]];
      rans_push(states[lane], entry.interval, entry.reciprocal, bits, words);
    }
  }
  job.states = states;
  return words.at();
}

std::uint8_t* encode0(const RansEncode0& job) {
  if (job.lanes == 4) return encode0_lanes<4>(job);
  if (job.lanes == 32) return encode0_lanes<32>(job);
  return job.lanes == 64 ? encode0_lanes<64>(job) : encode0_lanes<128>(job);
}

// Takes a word if x needs one. Arithmetic, not a condition, lest it become a branch, which would be
// mispredicted every few symbols. Two bytes must be readable.
inline std::uint32_t refill(std::uint32_t x, const std::uint8_t*& words) {
  const std::uint32_t low = x < kRansLowest;
  const std::uint32_t word = rans_word(words) & (0u - low);
  words += 2 * low;
  return x << (16 * low) | word;
}

template <int kLanes>
std::size_t decode0_lanes(RansDecode0& job) {
  const RankedModel& model = job.model;
  const int bits = model.bits;
  std::array<std::uint8_t, std::size_t{1} << kRansMostBits> symbol_of;
  std::array<std::uint32_t, 256> interval_of;  // low << 16 | width
  for (int r = 0; r < model.size; ++r) {
    const std::uint8_t symbol = model.symbol[r];
    std::memset(symbol_of.data() + model.low[r], symbol, model.width[r]);
    interval_of[symbol] = static_cast<std::uint32_t>(model.low[r]) << 16 | model.width[r];
  }
  RansStates states = job.states;
  const std::uint8_t* words = job.words;
  std::size_t step = 0;
  for (; step < job.steps && job.words_end - words >= 2 * kLanes; ++step) {
    std::uint8_t* output = job.output + step * kLanes;
    for (int lane = 0; lane < kLanes; ++lane) {
      const std::uint32_t x = states[lane];
      const std::uint32_t slot = rans_slot(x, bits);
      const std::uint8_t symbol = symbol_of[slot];
      const std::uint32_t interval = interval_of[symbol];
      output[lane] = symbol;
      states[lane] = refill(rans_pop(x, interval & 0xffff, slot - (interval >> 16), bits), words);
    }
  }
  job.states = states;
  job.words = words;
  return step;
}

std::size_t decode0(RansDecode0& job) {
  if (job.lanes == 4) return decode0_lanes<4>(job);
  if (job.lanes == 32) return decode0_lanes<32>(job);
  return job.lanes == 64 ? decode0_lanes<64>(job) : decode0_lanes<128>(job);
}

template <int kLanes>
std::uint8_t* encode1_lanes(const RansEncode1& job) {
  const int bits = job.model.bits();
  const std::uint32_t* const intervals = job.model.intervals();
  std::array<std::uint64_t, (1 << kRansMostBits1) + 1> reciprocals;
  for (std::uint32_t width = 1; width <= 1u << bits; ++width) {
    reciprocals[width] = rans_reciprocal(width, bits);
  }
  RansStates states = job.states;
  RansWordWriter words(job.words);
  for (std::size_t step = job.last_step; step-- > job.first_step;) {
    for (int lane = kLanes; lane-- > 0;) {
      const std::uint8_t* at = job.input + lane * job.segment + step;
      const std::uint32_t pair = step == 0 ? std::uint32_t{at[0]} << 8 : rans_word(at - 1);
      const RansInterval interval = PairModel::unpack(intervals[pair_at(pair)]);
      rans_push(states[lane], interval, reciprocals[interval.width], bits, words);
    }
  }
  job.states = states;
  return words.at();
}

std::uint8_t* encode1(const RansEncode1& job) {
  if (job.lanes == 4) return encode1_lanes<4>(job);
  if (job.lanes == 32) return encode1_lanes<32>(job);
  return job.lanes == 64 ? encode1_lanes<64>(job) : encode1_lanes<128>(job);
}

template <int kLanes>
std::size_t decode1_lanes(RansDecode1& job) {
  const int bits = job.model.bits();
  const std::uint32_t* const slots = job.model.slots();
  RansStates states = job.states;
  std::array<std::uint8_t, kLanes> contexts{};
  const std::uint8_t* words = job.words;
  std::size_t step = 0;
  for (; step < job.segment && job.words_end - words >= 2 * kLanes; ++step) {
    std::uint8_t* output = job.output + step;
    for (int lane = 0; lane < kLanes; ++lane) {
      const std::uint32_t x = states[lane];
      const std::uint32_t context = contexts[lane];
      const PairSlot slot = PairSlot::unpack(slots[context << bits | rans_slot(x, bits)]);
      contexts[lane] = static_cast<std::uint8_t>(slot.symbol);
      output[lane * job.segment] = contexts[lane];
      states[lane] = refill(rans_pop(x, slot.width, slot.place, bits), words);
    }
  }
  job.states = states;
  job.words = words;
  return step;
}

std::size_t decode1(RansDecode1& job) {
  if (job.lanes == 4) return decode1_lanes<4>(job);
  if (job.lanes == 32) return decode1_lanes<32>(job);
  return job.lanes == 64 ? decode1_lanes<64>(job) : decode1_lanes<128>(job);
}

}  // namespace

RansKernels portable_rans_kernels() { return {encode0, encode1, decode0, decode1}; }

}  // namespace evalzip
