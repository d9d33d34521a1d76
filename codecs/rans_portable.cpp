// rANS kernels in plain C++: what the wide ones must equal.
//
// Read me first: whether a lane moves a word is as good as random, so a branch on it would be
// mispredicted every few symbols. It is made a mask of all ones or none instead (a comparison and a
// subtraction with borrow), and what depends on it is chosen with ands. The number of lanes and the
// precision are constants of each loop.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "codecs/rans_kernels.h"
#include "codecs/rans_tile.h"

namespace evalzip {
namespace {

// Calls use(bits) with the precision as a constant.
template <int kMost, int kBits = kRansLeastBits, class Use>
auto with_bits(int bits, Use use) {
  if constexpr (kBits < kMost) {
    if (bits != kBits) return with_bits<kMost, kBits + 1>(bits, use);
  }
  return use(std::integral_constant<int, kBits>());
}

// Puts the low 16 bits of x before `words` and drops them from x where `full`.
[[gnu::always_inline]] inline void spill(bool full, std::uint32_t& x, std::uint8_t*& words) {
  const std::int64_t mask = -std::int64_t{full};
  const std::uint8_t bytes[2] = {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(x >> 8)};
  std::memcpy(words - 2, bytes, 2);
  words += 2 * mask;
  x >>= 16 & mask;
}

// Takes a word if x needs one. Two bytes must be readable.
[[gnu::always_inline]] inline std::uint32_t refill(std::uint32_t x, const std::uint8_t*& words) {
  const std::uint32_t refilled = x << 16 | rans_word(words);
  const std::uint32_t mask = 0u - (x < kRansLowest);
  words += 2 & mask;
  return x ^ ((x ^ refilled) & mask);
}

// ---- order 0

// All that a push needs: rans_push, with the largest x that need not spill.
struct PushEntry {
  std::uint64_t reciprocal;
  std::uint32_t last;
  std::uint16_t low, complement;  // 2^bits - width
};

std::array<PushEntry, 256> push_entries(const RankedModel& model) {
  std::array<PushEntry, 256> entries{};
  for (int r = 0; r < model.size; ++r) {
    const std::uint32_t width = model.width[r];
    entries[model.symbol[r]] = {
        .reciprocal = rans_reciprocal(width, model.bits),
        .last = static_cast<std::uint32_t>((std::uint64_t{width} << (32 - model.bits)) - 1),
        .low = model.low[r],
        .complement = static_cast<std::uint16_t>((1u << model.bits) - width)};
  }
  return entries;
}

template <int kLanes, int kBits>
std::uint8_t* encode0_lanes(const RansEncode0& job) {
  const std::array<PushEntry, 256> entries = push_entries(job.model);
  RansStates states = job.states;
  std::uint8_t* words = job.words;
  for (std::size_t step = job.steps; step-- > 0;) {
    const std::uint8_t* symbols = job.input + step * kLanes;
    for (int lane = kLanes; lane-- > 0;) {
      const PushEntry& entry = entries[symbols[lane]];
      std::uint32_t x = states[lane];
      spill(x > entry.last, x, words);
      const auto quotient = static_cast<std::uint32_t>((x * entry.reciprocal) >> (32 + kBits));
      states[lane] = x + entry.low + quotient * entry.complement;
    }
  }
  job.states = states;
  return words;
}

std::uint8_t* encode0(const RansEncode0& job) {
  return with_lanes(job.lanes, [&](auto lanes) {
    return with_bits<kRansMostBits>(job.model.bits,
                                    [&](auto bits) { return encode0_lanes<lanes(), bits()>(job); });
  });
}

// Tables by symbol behind one by slot: one table of whole slots would be larger than a first-level
// cache.
struct SlotTables {
  explicit SlotTables(const RankedModel& model) {
    for (int r = 0; r < model.size; ++r) {
      const std::uint8_t symbol = model.symbol[r];
      std::memset(symbol_of.data() + model.low[r], symbol, model.width[r]);
      width_of[symbol] = model.width[r];
      low_of[symbol] = model.low[r];
    }
  }

  std::array<std::uint8_t, std::size_t{1} << kRansMostBits> symbol_of;
  std::array<std::uint32_t, 256> width_of, low_of;
};

// Look-ups of four lanes are asked for before the first is needed.
template <int kBits>
[[gnu::always_inline]] inline void pop_four(const SlotTables& tables, std::uint32_t* states,
                                            const std::uint8_t*& words, std::uint8_t* output) {
  std::uint32_t x[4], slot[4];
  std::uint8_t symbol[4];
  for (int i = 0; i < 4; ++i) {
    x[i] = states[i];
    slot[i] = rans_slot(x[i], kBits);
    symbol[i] = tables.symbol_of[slot[i]];
    output[i] = symbol[i];
  }
  for (int i = 0; i < 4; ++i) {
    const std::uint32_t place = slot[i] - tables.low_of[symbol[i]];
    states[i] = refill(rans_pop(x[i], tables.width_of[symbol[i]], place, kBits), words);
  }
}

template <int kLanes, int kBits>
std::size_t decode0_lanes(RansDecode0& job) {
  const SlotTables tables(job.model);
  RansStates states = job.states;
  const std::uint8_t* words = job.words;
  std::size_t step = 0;
  for (; step < job.steps && job.words_end - words >= 2 * kLanes; ++step) {
    std::uint8_t* const output = job.output + step * kLanes;
    for (int lane = 0; lane < kLanes; lane += 4) {
      pop_four<kBits>(tables, &states[lane], words, output + lane);
    }
  }
  job.states = states;
  job.words = words;
  return step;
}

std::size_t decode0(RansDecode0& job) {
  return with_lanes(job.lanes, [&](auto lanes) {
    return with_bits<kRansMostBits>(job.model.bits,
                                    [&](auto bits) { return decode0_lanes<lanes(), bits()>(job); });
  });
}

// ---- order 1

template <int kLanes, int kBits>
std::uint8_t* encode1_lanes(const RansEncode1& job) {
  const std::uint32_t* const intervals = job.model.intervals();
  std::array<std::uint64_t, (1 << kBits) + 1> reciprocals;
  for (std::uint32_t width = 1; width <= 1u << kBits; ++width) {
    reciprocals[width] = rans_reciprocal(width, kBits);
  }
  RansStates states = job.states;
  std::uint8_t* words = job.words;
  RansTile<kLanes> tile;
  for (std::size_t end = job.last_step; end > job.first_step;) {
    const std::size_t steps = std::min(tile.kSteps, end - job.first_step);
    end -= steps;
    tile.load(job, end, steps);
    for (std::size_t step = steps; step-- > 0;) {
      for (int lane = kLanes; lane-- > 0;) {
        const RansInterval interval =
            PairModel::unpack(intervals[pair_at(rans_word(tile.at(lane, step) - 1))]);
        std::uint32_t x = states[lane];
        spill(x >> (32 - kBits) >= interval.width, x, words);
        const auto quotient =
            static_cast<std::uint32_t>((x * reciprocals[interval.width]) >> (32 + kBits));
        states[lane] = x + interval.low + quotient * ((1u << kBits) - interval.width);
      }
    }
  }
  job.states = states;
  return words;
}

std::uint8_t* encode1(const RansEncode1& job) {
  return with_lanes(job.lanes, [&](auto lanes) {
    return with_bits<kRansMostBits1>(
        job.model.bits(), [&](auto bits) { return encode1_lanes<lanes(), bits()>(job); });
  });
}

template <int kLanes, int kBits>
std::size_t decode1_lanes(RansDecode1& job) {
  const std::uint32_t* const slots = job.model.slots();
  RansStates states = job.states;
  std::array<std::uint32_t, kLanes> contexts{};
  const std::uint8_t* words = job.words;
  RansTile<kLanes> tile;
  std::size_t done = 0;
  const auto more = [&] { return done < job.segment && job.words_end - words >= 2 * kLanes; };
  while (more()) {
    const std::size_t first = done;
    for (; done - first < tile.kSteps && more(); ++done) {
      for (int lane = 0; lane < kLanes; ++lane) {
        const std::uint32_t x = states[lane];
        const PairSlot slot =
            PairSlot::unpack(slots[contexts[lane] << kBits | rans_slot(x, kBits)]);
        contexts[lane] = slot.symbol;
        *tile.at(lane, done - first) = static_cast<std::uint8_t>(slot.symbol);
        states[lane] = refill(rans_pop(x, slot.width, slot.place, kBits), words);
      }
    }
    tile.store(job, first, done - first);
  }
  job.states = states;
  job.words = words;
  return done;
}

std::size_t decode1(RansDecode1& job) {
  return with_lanes(job.lanes, [&](auto lanes) {
    return with_bits<kRansMostBits1>(
        job.model.bits(), [&](auto bits) { return decode1_lanes<lanes(), bits()>(job); });
  });
}

}  // namespace

RansKernels portable_rans_kernels() { return {encode0, encode1, decode0, decode1}; }

}  // namespace evalzip
