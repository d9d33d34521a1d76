// rANS kernels for what every x86-64 has: 4 lanes at a time in SSE2.
//
// Read me first: SSE2 cannot permute by a variable index, so words are dealt to the lanes that want
// them in two steps, by 32 and by 16 bits, each under a mask that a table gives for every set of
// lanes. It cannot multiply 32-bit elements either; but one factor here is below 2^16, and a
// product of it with the halves of the other is enough.
#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "codecs/rans_kernels_x86.h"
#include "codecs/rans_tile.h"

namespace evalzip {
namespace {

constexpr int kWide = 4;  // lanes in a register

// For each set of four lanes: which of four 16-bit words a step takes from its neighbour.
struct Moves {
  std::array<std::uint64_t, 16> far{}, near{};
};

constexpr std::uint64_t word_mask(int word) { return std::uint64_t{0xffff} << (16 * word); }

// Lane i takes the word at i minus the number of lanes below i that take none: after a step of 2
// down, then one of 1.
constexpr Moves expanding_moves() {
  Moves moves;
  for (int set = 0; set < 16; ++set) {
    int idle = 0;
    for (int lane = 0; lane < kWide; ++lane) {
      if ((idle & 2) != 0) moves.far[set] |= word_mask(lane - (idle & 1));
      if ((idle & 1) != 0) moves.near[set] |= word_mask(lane);
      if ((set >> lane & 1) == 0) ++idle;
    }
  }
  return moves;
}

// The words of the lanes outside a set come to lie last, in lane order: place p holds the word of
// the lane at p minus the number of the set's lanes above that lane, after a step of 1 up, then one
// of 2.
constexpr Moves compressing_moves() {
  Moves moves;
  for (int set = 0; set < 16; ++set) {
    int idle = 0;
    for (int lane = kWide; lane-- > 0;) {
      if ((set >> lane & 1) != 0) {
        ++idle;
        continue;
      }
      if ((idle & 1) != 0) moves.near[set] |= word_mask(lane + 1);
      if ((idle & 2) != 0) moves.far[set] |= word_mask(lane + idle);
    }
  }
  return moves;
}

// The bytes of the words of a set's lanes, or with `flip` = 15 of the others.
constexpr std::array<std::uint8_t, 16> bytes_of_sets(unsigned flip) {
  std::array<std::uint8_t, 16> bytes{};
  for (unsigned set = 0; set < 16; ++set) {
    bytes[set] = static_cast<std::uint8_t>(2 * std::popcount(set ^ flip));
  }
  return bytes;
}

constexpr Moves kExpanding = expanding_moves();
constexpr Moves kCompressing = compressing_moves();
constexpr std::array<std::uint8_t, 16> kBytes = bytes_of_sets(0);
constexpr std::array<std::uint8_t, 16> kBytesOfOthers = bytes_of_sets(15);

inline __m128i load(const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }
inline void store(void* to, __m128i lanes) { _mm_storeu_si128(static_cast<__m128i*>(to), lanes); }
inline __m128i load_four_words(const void* from) {
  return _mm_loadl_epi64(static_cast<const __m128i*>(from));
}

inline __m128i choose(__m128i mask, __m128i chosen, __m128i other) {
  return _mm_xor_si128(other, _mm_and_si128(mask, _mm_xor_si128(other, chosen)));
}

inline unsigned set_of(__m128i condition) {
  return static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(condition)));
}

inline __m128i four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  const auto one = [](std::uint32_t x) { return _mm_cvtsi32_si128(static_cast<int>(x)); };
  return _mm_unpacklo_epi64(_mm_unpacklo_epi32(one(a), one(b)), _mm_unpacklo_epi32(one(c), one(d)));
}

// The low 32 bits of x times what stands in both halves of `twice`, in each lane.
inline __m128i multiply_by_twice(__m128i x, __m128i twice) {
  return _mm_add_epi16(_mm_mullo_epi16(x, twice), _mm_slli_epi32(_mm_mulhi_epu16(x, twice), 16));
}

// The same times what stands in the low 16 bits of `factor`.
inline __m128i multiply(__m128i x, __m128i factor) {
  return multiply_by_twice(x, _mm_shufflehi_epi16(_mm_shufflelo_epi16(factor, 0xa0), 0xa0));
}

// Takes a word into each lane that is below kRansLowest. 8 bytes must be readable.
inline __m128i refill(__m128i x, const std::uint8_t*& words) {
  const __m128i low = _mm_cmpeq_epi32(_mm_srli_epi32(x, 16), _mm_setzero_si128());
  const unsigned set = set_of(low);
  __m128i taken = load_four_words(words);
  taken = choose(load_four_words(&kExpanding.far[set]), _mm_slli_epi64(taken, 32), taken);
  taken = choose(load_four_words(&kExpanding.near[set]), _mm_slli_epi64(taken, 16), taken);
  words += kBytes[set];
  const __m128i wide = _mm_unpacklo_epi16(taken, _mm_setzero_si128());
  return choose(low, _mm_or_si128(_mm_slli_epi32(x, 16), wide), x);
}

// What a push needs to know of the intervals of four lanes.
struct Pushed {
  __m128i packed;                  // low << 16 | width
  __m128i complement;              // 2^bits - width in both halves
  __m128d inverses01, inverses23;  // 1 / width, to nearest
};

// rans_push in 4 lanes.
class Pusher {
 public:
  explicit Pusher(int bits) : to_limit_(_mm_cvtsi32_si128(32 - bits)) {}

  __m128i push(__m128i x, const Pushed& pushed, std::uint8_t*& words) const {
    const __m128i width = _mm_and_si128(pushed.packed, _mm_set1_epi32(0xffff));
    // x >> (32 - bits) < width means that no word needs to leave.
    const __m128i fits = _mm_cmpgt_epi32(width, _mm_srl_epi32(x, to_limit_));
    put_words(x, set_of(fits), words);
    x = choose(fits, x, _mm_srli_epi32(x, 16));
    const __m128i grown = multiply_by_twice(quotient(x, pushed), pushed.complement);
    return _mm_add_epi32(_mm_add_epi32(x, _mm_srli_epi32(pushed.packed, 16)), grown);
  }

 private:
  // Exact: (x + 1/2) / width lies at least 1 / (2 width) > 2^-15 from any integer, and two
  // roundings in double precision are off by less than 2^-29 (quotients are below 2^22).
  static __m128i quotient(__m128i x, const Pushed& pushed) {
    // The upper half of a double of 2^52 and less than 2^53, before its lower half.
    const __m128i upper = _mm_set1_epi32(0x43300000);
    return _mm_unpacklo_epi64(two_quotients(_mm_unpacklo_epi32(x, upper), pushed.inverses01),
                              two_quotients(_mm_unpackhi_epi32(x, upper), pushed.inverses23));
  }

  static __m128i two_quotients(__m128i x, __m128d inverses) {
    const __m128d x_and_half = _mm_sub_pd(_mm_castsi128_pd(x), _mm_set1_pd(0x1p52 - 0.5));
    return _mm_cvttpd_epi32(_mm_mul_pd(x_and_half, inverses));
  }

  // Four words are stored, those of the lanes that do not fit last; the others are overwritten by
  // what comes before.
  static void put_words(__m128i x, unsigned fitting, std::uint8_t*& words) {
    const __m128i halves = _mm_srai_epi32(_mm_slli_epi32(x, 16), 16);
    __m128i last = _mm_packs_epi32(halves, halves);
    last = choose(load_four_words(&kCompressing.near[fitting]), _mm_slli_epi64(last, 16), last);
    last = choose(load_four_words(&kCompressing.far[fitting]), _mm_slli_epi64(last, 32), last);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(words - 8), last);
    words -= kBytesOfOthers[fitting];
  }

  __m128i to_limit_;
};

// ---- order 0

// What a push needs to know of a symbol, as Pushed has it of four.
struct alignas(16) PushEntry {
  double inverse;
  std::uint32_t packed, complement;
};

std::array<PushEntry, 256> push_entries(const RankedModel& model) {
  std::array<PushEntry, 256> entries{};
  for (int r = 0; r < model.size; ++r) {
    const std::uint32_t low = model.low[r], width = model.width[r];
    const std::uint32_t complement = (1u << model.bits) - width;
    entries[model.symbol[r]] = {.inverse = 1.0 / width,
                                .packed = low << 16 | width,
                                .complement = complement << 16 | complement};
  }
  return entries;
}

Pushed gather(const std::array<PushEntry, 256>& entries, const std::uint8_t* symbols) {
  const auto entry = [&](int lane) { return _mm_load_pd(&entries[symbols[lane]].inverse); };
  const __m128d a = entry(0), b = entry(1), c = entry(2), d = entry(3);
  const __m128 integers01 = _mm_castpd_ps(_mm_unpackhi_pd(a, b));
  const __m128 integers23 = _mm_castpd_ps(_mm_unpackhi_pd(c, d));
  return {.packed = _mm_castps_si128(_mm_shuffle_ps(integers01, integers23, 0x88)),
          .complement = _mm_castps_si128(_mm_shuffle_ps(integers01, integers23, 0xdd)),
          .inverses01 = _mm_unpacklo_pd(a, b),
          .inverses23 = _mm_unpacklo_pd(c, d)};
}

template <int kLanes>
std::uint8_t* encode0_lanes(const RansEncode0& job) {
  const std::array<PushEntry, 256> entries = push_entries(job.model);
  const Pusher pusher(job.model.bits);
  RansStates states = job.states;
  std::uint8_t* words = job.words;
  for (std::size_t step = job.steps; step-- > 0;) {
    for (int lane = kLanes; (lane -= kWide) >= 0;) {
      const std::uint8_t* const symbols = job.input + step * kLanes + lane;
      store(&states[lane], pusher.push(load(&states[lane]), gather(entries, symbols), words));
    }
  }
  job.states = states;
  return words;
}

std::uint8_t* encode0(const RansEncode0& job) {
  if (job.lanes < 2 * kWide) return portable_rans_kernels().encode0(job);
  return with_lanes(job.lanes, [&](auto lanes) { return encode0_lanes<lanes()>(job); });
}

// place << 16 | width, and the symbol, of each slot.
struct Slots {
  explicit Slots(const RankedModel& model) {
    for (int r = 0; r < model.size; ++r) {
      const std::uint32_t low = model.low[r], width = model.width[r];
      std::memset(symbol.data() + low, model.symbol[r], width);
      for (std::uint32_t place = 0; place < width; ++place) {
        interval[low + place] = place << 16 | width;
      }
    }
  }

  std::array<std::uint32_t, std::size_t{1} << kRansMostBits> interval;
  std::array<std::uint8_t, std::size_t{1} << kRansMostBits> symbol;
};

std::size_t decode0(RansDecode0& job) {
  if (job.lanes < 2 * kWide) return portable_rans_kernels().decode0(job);
  const Slots slots(job.model);
  const std::uint32_t mask = (1u << job.model.bits) - 1;
  const __m128i bits = _mm_cvtsi32_si128(job.model.bits);
  RansStates states = job.states;
  const std::uint8_t* words = job.words;
  std::size_t step = 0;
  for (; step < job.steps && job.words_end - words >= 2 * job.lanes; ++step) {
    for (int lane = 0; lane < job.lanes; lane += kWide) {
      std::uint8_t* const output = job.output + step * job.lanes + lane;
      std::uint32_t slot[kWide];
      for (int i = 0; i < kWide; ++i) {
        slot[i] = states[lane + i] & mask;
        output[i] = slots.symbol[slot[i]];
      }
      const __m128i packed = four(slots.interval[slot[0]], slots.interval[slot[1]],
                                  slots.interval[slot[2]], slots.interval[slot[3]]);
      const __m128i scaled = multiply(_mm_srl_epi32(load(&states[lane]), bits), packed);
      store(&states[lane], refill(_mm_add_epi32(scaled, _mm_srli_epi32(packed, 16)), words));
    }
  }
  job.states = states;
  job.words = words;
  return step;
}

// ---- order 1

Pushed pushed_of(__m128i packed, __m128i total) {
  const __m128i width = _mm_and_si128(packed, _mm_set1_epi32(0xffff));
  const __m128i complement = _mm_sub_epi32(total, width);
  const __m128d one = _mm_set1_pd(1);
  return {.packed = packed,
          .complement = _mm_or_si128(complement, _mm_slli_epi32(complement, 16)),
          .inverses01 = _mm_div_pd(one, _mm_cvtepi32_pd(width)),
          .inverses23 = _mm_div_pd(one, _mm_cvtepi32_pd(_mm_unpackhi_epi64(width, width)))};
}

template <int kLanes>
std::uint8_t* encode1_lanes(const RansEncode1& job) {
  const std::uint32_t* const intervals = job.model.intervals();
  const Pusher pusher(job.model.bits());
  const __m128i total = _mm_set1_epi32(1 << job.model.bits());
  RansStates states = job.states;
  std::uint8_t* words = job.words;
  RansTile<kLanes> tile;
  for (std::size_t end = job.last_step; end > job.first_step;) {
    const std::size_t steps = std::min(tile.kSteps, end - job.first_step);
    end -= steps;
    tile.load(job, end, steps);
    for (std::size_t step = steps; step-- > 0;) {
      const auto interval = [&](int lane) {
        return intervals[pair_at(rans_word(tile.at(lane, step) - 1))];
      };
      for (int lane = kLanes; (lane -= kWide) >= 0;) {
        const __m128i packed =
            four(interval(lane), interval(lane + 1), interval(lane + 2), interval(lane + 3));
        store(&states[lane], pusher.push(load(&states[lane]), pushed_of(packed, total), words));
      }
    }
  }
  job.states = states;
  return words;
}

// What decoding keeps between steps.
struct Decoding {
  explicit Decoding(const RansDecode1& job)
      : slots(job.model.slots()),
        mask((1u << job.model.bits()) - 1),
        bits(_mm_cvtsi32_si128(job.model.bits())),
        states(job.states),
        words(job.words) {}

  const std::uint32_t* slots;
  std::uint32_t mask;
  __m128i bits;
  RansStates states;
  RansStates contexts{};  // symbol << bits
  const std::uint8_t* words;
};

// One symbol in each of the lanes from `lane` on; they are put `row` bytes apart.
inline void pop(Decoding& decoding, int lane, std::uint8_t* output, std::size_t row) {
  std::uint32_t slot[kWide];
  for (int i = 0; i < kWide; ++i) {
    const std::uint32_t place = decoding.states[lane + i] & decoding.mask;
    slot[i] = decoding.slots[decoding.contexts[lane + i] | place];
    output[i * row] = static_cast<std::uint8_t>(slot[i] >> 24);
  }
  const __m128i packed = four(slot[0], slot[1], slot[2], slot[3]);
  const __m128i field = _mm_set1_epi32(PairSlot::kField);
  const __m128i place = _mm_and_si128(_mm_srli_epi32(packed, 12), field);
  const __m128i x = _mm_srl_epi32(load(&decoding.states[lane]), decoding.bits);
  const __m128i popped = _mm_add_epi32(multiply(x, _mm_and_si128(packed, field)), place);
  store(&decoding.states[lane], refill(popped, decoding.words));
  store(&decoding.contexts[lane], _mm_sll_epi32(_mm_srli_epi32(packed, 24), decoding.bits));
}

template <int kLanes>
std::size_t decode1_lanes(RansDecode1& job) {
  Decoding decoding(job);
  RansTile<kLanes> tile;
  std::size_t done = 0;
  const auto more = [&] {
    return done < job.segment && job.words_end - decoding.words >= 2 * kLanes;
  };
  while (more()) {
    const std::size_t first = done;
    for (; done - first < tile.kSteps && more(); ++done) {
      for (int lane = 0; lane < kLanes; lane += kWide) {
        pop(decoding, lane, tile.at(lane, done - first), tile.kRow);
      }
    }
    tile.store(job, first, done - first);
  }
  job.states = decoding.states;
  job.words = decoding.words;
  return done;
}

std::uint8_t* encode1(const RansEncode1& job) {
  if (job.lanes < 2 * kWide) return portable_rans_kernels().encode1(job);
  return with_lanes(job.lanes, [&](auto lanes) { return encode1_lanes<lanes()>(job); });
}

std::size_t decode1(RansDecode1& job) {
  if (job.lanes < 2 * kWide) return portable_rans_kernels().decode1(job);
  return with_lanes(job.lanes, [&](auto lanes) { return decode1_lanes<lanes()>(job); });
}

}  // namespace

void choose_sse2(RansKernels& kernels) {
  kernels.encode0 = encode0;
  kernels.encode1 = encode1;
  kernels.decode0 = decode0;
  kernels.decode1 = decode1;
}

}  // namespace evalzip
