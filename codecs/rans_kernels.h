// The inner loops of rANS, one set per instruction set, all of one meaning and giving the same
// bytes.
//
// A kernel does whole steps only: one symbol in every lane. What is left over (a partial step, and
// in decoding the steps whose words may lie too near the end of the stream for wide loads) is the
// caller's, who does it with the scalar core of rans.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "codecs/cpu_features.h"
#include "codecs/rans_models.h"

namespace evalzip {

inline constexpr int kRansMostLanes = 128;
using RansStates = std::array<std::uint32_t, kRansMostLanes>;

// Order 0: step t codes input[t * lanes + lane] in each lane.
struct RansEncode0 {
  const RankedModel& model;
  int lanes;                  // 4, 32, 64 or 128
  const std::uint8_t* input;  // steps * lanes symbols, each of the model
  std::size_t steps;
  RansStates& states;
  std::uint8_t* words;  // they are written below; room for one word per symbol and 64 bytes more
};

struct RansDecode0 {
  const RankedModel& model;
  int lanes;
  std::uint8_t* output;
  std::size_t steps;
  RansStates& states;         // each at least kRansLowest, before and after
  const std::uint8_t* words;  // moved past the words read; nothing is read at or past words_end
  const std::uint8_t* words_end;
};

// Order 1: lane i owns the segment input[i * segment .. (i + 1) * segment); step t codes the t-th
// symbol of each under the one before it, or under 0 if t is 0.
struct RansEncode1 {
  const PairModel& model;
  int lanes;
  const std::uint8_t* input;
  std::size_t segment;
  std::size_t first_step, last_step;  // steps [first_step, last_step) are to be done
  RansStates& states;
  std::uint8_t* words;
};

struct RansDecode1 {
  const PairSlots& model;
  int lanes;
  std::uint8_t* output;
  std::size_t segment;
  RansStates& states;
  const std::uint8_t* words;
  const std::uint8_t* words_end;
};

struct RansKernels {
  // All steps, from the last to the first; returns the first byte of the words written.
  std::uint8_t* (*encode0)(const RansEncode0& job);
  std::uint8_t* (*encode1)(const RansEncode1& job);
  // From step 0 on as far as it likes; returns the steps done.
  std::size_t (*decode0)(RansDecode0& job);
  std::size_t (*decode1)(RansDecode1& job);
};

// The kernels of an instruction set that is usable on this machine.
RansKernels rans_kernels(Isa isa);

RansKernels portable_rans_kernels();

}  // namespace evalzip
