// One block of a rANS stream: how it is coded, and its body as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "codecs/rans_kernels.h"

namespace evalzip {

enum class RansForm : std::uint8_t { stored, run, order0, order1 };

// Everything that determines the bytes of a block.
struct RansBlock {
  std::size_t size = 0;  // bytes of input
  RansForm form = RansForm::stored;
  int bits = 0;                       // order 0 and 1: frequencies sum to 2^bits
  int lanes = 4;                      // order 0 and 1: 4, 32, 64 or 128
  Frequencies frequencies{};          // order 0
  const ContextRows* rows = nullptr;  // order 1; not owned
};

// Order 1 cuts a block of `size` bytes into one segment per lane; the size % lanes bytes that are
// left are the last lane's.
inline std::size_t segment_size(std::size_t size, int lanes) { return size / lanes; }

// The words of a coded block, valid until the next call, and the states that begin its decoding.
struct RansPayload {
  RansStates states;
  std::span<const std::uint8_t> words;
};

// Codes the symbols of blocks, given their tables. Keeps its scratch memory between calls; one
// instance per thread.
class RansSymbolCoder {
 public:
  explicit RansSymbolCoder(const RansKernels& kernels) : kernels_(kernels) {}

  // `input` has block.size bytes, all with a positive frequency.
  RansPayload encode(const RansBlock& block, std::span<const std::uint8_t> input);

  // Fills `output`, of block.size bytes. False unless every state ends where encoding began and all
  // words are used.
  bool decode(const RansBlock& block, const RansPayload& payload, std::span<std::uint8_t> output);

 private:
  std::uint8_t* room_for_words(std::size_t symbols);
  std::uint8_t* encode0(const RansBlock& block, std::span<const std::uint8_t> input,
                        RansStates& states, std::uint8_t* words);
  std::uint8_t* encode1(const RansBlock& block, std::span<const std::uint8_t> input,
                        RansStates& states, std::uint8_t* words);
  bool decode0(const RansBlock& block, const RansPayload& payload, std::span<std::uint8_t> output);
  bool decode1(const RansBlock& block, const RansPayload& payload, std::span<std::uint8_t> output);

  RansKernels kernels_;
  std::unique_ptr<std::uint8_t[]> words_;
  std::size_t words_room_ = 0;
  PairModel pairs_;
  PairSlots slots_;
};

}  // namespace evalzip
