// The bits of a byte that context mixing codes with a guest, and the rows that the guest reads.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/strong_model.h"
#include "codecs/entropy_model.h"
#include "codecs/llm/byte_tree.h"
#include "codecs/llm/segment_runner.h"
#include "codecs/range_coder.h"

namespace evalzip {

inline std::span<const std::uint8_t> values_of_text(Bytes bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

inline bool bit_of(unsigned byte, unsigned index) { return (byte >> (7 - index) & 1u) != 0; }

// What the byte costs if nothing but these odds is known.
inline double bits_of(unsigned byte, const BitOdds& odds) {
  double bits = 0;
  for (unsigned i = 0; i < odds.size(); ++i) {
    bits += std::log2(1 + std::exp((bit_of(byte, i) ? -odds[i] : odds[i]) / 256.0));
  }
  return bits;
}

// Measures what it encodes.
struct MeteredEncoder {
  RangeEncoder& encoder;
  CodeLengthMeter meter;

  void put_bit(bool bit, std::uint32_t probability_of_one, unsigned probability_bits) {
    encoder.put_bit(bit, probability_of_one, probability_bits);
    meter.put_bit(bit, probability_of_one, probability_bits);
  }
};

// Gathers the rows of several lanes, and knows what each is to predict.
class RowBatch {
 public:
  std::vector<TokenRow> rows;

  // The rows since the last call are for `target`.
  void aim(std::size_t target) { targets_.resize(rows.size(), target); }

  // Calls use(target, logits, thread) for each prediction, from any thread.
  template <class Use>
  void run(SegmentRunner& runner, const Use& use) {
    runner.run(rows, [&](std::size_t row, const Logits& logits, unsigned thread) {
      use(targets_[row], logits, thread);
    });
    rows.clear();
    targets_.clear();
  }

 private:
  std::vector<std::size_t> targets_;
};

}  // namespace evalzip
