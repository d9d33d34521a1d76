// The strong predictor of `cm`: some 25 contexts of the content's own kind, two matches, two layers
// of mixing, three maps of what was true when it was predicted before.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
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

// Predicts the bits of bytes, the highest first. For each byte: probability_of_one and update,
// eight times; then the byte must stand in the history, and next_byte is called.
//
// With a guest, another model that has something to say of each bit: for each byte of any of the
// block's parts open(part), then predict_with and learn, eight times, then close(part).
class StrongModel {
 public:
  static constexpr unsigned kProbabilityBits = 16;

  struct Size {
    unsigned line_bits;   // of the slot table
    unsigned match_bits;  // of each match index

    // A small block takes little memory at every level of cm: two lines of slots for each byte are
    // as many as help.
    static Size of_level(unsigned level, std::size_t block_size) {
      const auto bits = static_cast<unsigned>(std::bit_width(block_size));
      return {.line_bits = std::clamp(bits + 1, 12u, 15 + level),
              .match_bits = std::clamp(bits, 12u, 22u)};
    }
  };

  // `bytes` is the whole block as ByteHistory sees it, and must outlive the model.
  // `guests` is how many kinds of guest there are, 0 for none.
  StrongModel(const std::uint8_t* bytes, Size size, Isa isa, unsigned guests = 0);
  ~StrongModel();

  // What the next bytes are, until it is told again.
  void begin(const Segment& segment);

  std::uint32_t probability_of_one() const { return probability_; }
  void update(bool bit);
  void next_byte();

  // The segment's bytes stand in the history and are not predicted.
  void skip(const Segment& segment);

  // One of the parts of a block that are coded side by side, and share all that is learned.
  struct Part {
    ByteHistory history;
    std::array<MatchModel::Cursor, 2> matches{};
    std::unique_ptr<ContextSet> contexts;  // absent until its first byte
  };
  // Before the bits of its next byte, and after them. That byte must stand in the history before
  // the part is opened again.
  void open(Part& part);
  void close(Part& part) { exchange(part); }
  // The guest's log odds that the next bit is a one, in units of squash.h. How much those are worth
  // is learned for each kind.
  void predict_with(int guest, unsigned kind = 0);
  void learn(bool bit);

  // Memory in bytes, nearly whatever the block holds.
  static std::size_t bytes(Size size, unsigned guests = 0);

 private:
  struct Kind;  // what is learned apart for each kind of content

  void exchange(Part& part);
  void open_byte();
  void open_nibble();
  void ask_for_second_nibble();
  void predict();
  void predict_from_contexts();
  void predict_from_set();
  void predict_from_matches();
  void predict_from_guest();
  void select_weights();
  void refine();

  static constexpr std::size_t kMost = ByteContexts::kMost;

  const BitHistories& histories_;
  Isa isa_;
  ByteHistory history_;
  SlotTable slots_;
  std::array<MatchModel, 2> matches_;
  std::array<InterpolatedMap, 3> maps_;
  std::vector<InterpolatedMap> guest_maps_;  // with a guest only: see GuestMap
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
  unsigned guests_;
  int guest_ = 0;
  unsigned guest_kind_ = 0;
};

}  // namespace evalzip
