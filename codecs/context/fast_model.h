// The fast predictor of `cm`: six contexts, a match, one layer of mixing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/context/bit_history.h"
#include "codecs/context/byte_history.h"
#include "codecs/context/content.h"
#include "codecs/context/history_map.h"
#include "codecs/context/interpolated_map.h"
#include "codecs/context/line_table.h"
#include "codecs/context/match_model.h"
#include "codecs/context/small_mixer.h"

namespace evalzip {

// Used as StrongModel is.
class FastModel {
 public:
  static constexpr unsigned kProbabilityBits = 16;

  struct Size {
    unsigned line_bits;   // of the line table
    unsigned match_bits;  // of the match index
  };

  // `bytes` is the whole block as ByteHistory sees it, and must outlive the model.
  FastModel(const std::uint8_t* bytes, Size size);

  void begin(const Segment& segment);
  std::uint32_t probability_of_one() const { return probability_; }
  void update(bool bit);
  void next_byte();
  void skip(const Segment& segment);

  // Memory in bytes, whatever the block holds.
  static std::size_t bytes(Size size);

 private:
  static constexpr std::size_t kLines = 5;  // contexts with a line; the last byte has a table
  static constexpr std::size_t kContexts = kLines + 1;

  void open_byte();
  void open_second_nibble();
  void predict();
  std::array<std::uint32_t, kLines> context_hashes();

  const BitHistories& histories_;
  ByteHistory history_;
  LineTable lines_;
  MatchModel match_;
  std::vector<std::uint8_t> order_1_;  // [last byte][node]
  std::array<HistoryMap, kContexts> probabilities_;
  SmallMixer mixer_;
  std::array<InterpolatedMap, 2> maps_;
  Segment segment_;
  std::uint32_t word_ = 0;
  std::uint32_t map_rows_ = 0;  // where the second map's rows of this byte begin

  std::array<std::uint8_t*, kLines> byte_lines_{};
  std::array<std::uint8_t*, kContexts> nodes_{};  // of the nibble, from its first
  std::array<std::uint8_t, kContexts> seen_{};    // the histories of this bit
  std::uint32_t node_ = 1;                        // the bits of the byte so far behind a 1
  std::uint32_t place_ = 0;                       // of the node in its nibble
  unsigned bits_known_ = 0;
  std::uint32_t probability_ = 1u << 15;
};

}  // namespace evalzip
