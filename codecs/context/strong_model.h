// The strong predictor of `cm`: some 25 contexts of the content's own kind, two matches, two layers
// of mixing, three maps of what was true when it was predicted before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "codecs/context/adaptive_probability.h"
#include "codecs/context/bit_history.h"
#include "codecs/context/byte_history.h"
#include "codecs/context/content.h"
#include "codecs/context/context_set.h"
#include "codecs/context/interpolated_map.h"
#include "codecs/context/match_model.h"
#include "codecs/context/mixer.h"
#include "codecs/context/slot_table.h"
#include "codecs/cpu_features.h"

namespace evalzip {

// Probabilities of a one for every beginning of a byte: [1] for its first bit, [2] and [3] for its
// second after a 0 and a 1, and so on; in units of 2^-16. [0] is not used. What another model,
// which predicts whole bytes, has to say.
using ByteNodes = std::span<const std::uint16_t, 256>;

// Predicts the bits of bytes, the highest first. For each byte: probability_of_one and update,
// eight times; then the byte must stand in the history, and next_byte is called.
class StrongModel {
 public:
  static constexpr unsigned kProbabilityBits = 16;

  struct Size {
    unsigned line_bits;   // of the slot table
    unsigned match_bits;  // of each match index
  };

  // `bytes` is the whole block as ByteHistory sees it, and must outlive the model.
  StrongModel(const std::uint8_t* bytes, Size size, Isa isa);
  ~StrongModel();

  // What the next bytes are, until it is told again.
  void begin(const Segment& segment);

  std::uint32_t probability_of_one() const { return probability_; }
  void update(bool bit);
  void next_byte();

  // The segment's bytes stand in the history and are not predicted.
  void skip(const Segment& segment);

  // What another model says of the next byte: read until next_byte(). Call before its first bit.
  void set_guest(ByteNodes nodes);

  // Memory in bytes, nearly whatever the block holds.
  static std::size_t bytes(Size size);

 private:
  struct Kind;  // what is learned apart for each kind of content

  void open_byte();
  void open_nibble();
  void predict();
  void predict_from_contexts();
  void predict_from_matches();
  void select_weights();
  void refine();

  static constexpr std::size_t kMost = ByteContexts::kMost;

  const BitHistories& histories_;
  Isa isa_;
  ByteHistory history_;
  SlotTable slots_;
  std::array<MatchModel, 2> matches_;
  std::array<InterpolatedMap, 3> maps_;
  std::array<AdaptiveProbability, 256> order_0_;
  std::vector<AdaptiveProbability> order_1_;
  std::array<std::unique_ptr<Kind>, kContents> kinds_;
  Kind* kind_ = nullptr;

  ByteContexts contexts_;
  std::array<std::uint32_t, 2> map_rows_{};  // where the rows of this byte begin in maps_[1], [2]
  std::array<std::uint8_t*, kMost> nibble_slots_{};
  std::array<AdaptiveProbability*, kMost> used_{};
  std::size_t place_ = 0;   // of the node in its slot
  std::uint32_t node_ = 1;  // the bits of the byte so far behind a 1
  unsigned bits_known_ = 0;
  unsigned seen_ = 0;  // how many contexts have met this node before
  int mixture_ = 0;
  std::uint32_t probability_ = 1u << 15;
  std::optional<ByteNodes> guest_;
};

}  // namespace evalzip
