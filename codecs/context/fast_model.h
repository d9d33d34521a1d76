// The fast predictor of `cm`: six contexts, a match, one layer of mixing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "codecs/context/bit_history.h"
#include "codecs/context/byte_history.h"
#include "codecs/context/content.h"
#include "codecs/context/eight_shorts.h"
#include "codecs/context/history_map.h"
#include "codecs/context/interpolated_map.h"
#include "codecs/context/line_table.h"
#include "codecs/context/match_model.h"
#include "codecs/context/small_mixer.h"

namespace evalzip {

// Used as StrongModel is, but by the byte.
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
  // Codes a byte, which stands in the history at the next call: code_bit(p) answers the next bit,
  // which has probability p / 2^kProbabilityBits to be a one.
  //
  // Where kBranches the processor guesses the bit and goes on, and nothing waits for the end of a
  // prediction: a decoder, which else could not begin the next one. Otherwise what follows is
  // computed from the bit: an encoder knows it long before.
  template <bool kBranches, class CodeBit>
  std::uint8_t code_byte(CodeBit code_bit) {
    const std::uint32_t nibble = code_nibble<kBranches>(1, code_bit);
    open_second_nibble(nibble);
    return static_cast<std::uint8_t>(code_nibble<kBranches>(nibble, code_bit));
  }
  void next_byte();
  void skip(const Segment& segment);

  // Memory in bytes, whatever the block holds.
  static std::size_t bytes(Size size);

 private:
  static constexpr std::size_t kLines = 5;  // contexts with a line; the last byte has a table
  static constexpr std::size_t kContexts = kLines + 1;
  static constexpr unsigned kMapRate = 6;
  static constexpr std::size_t kMapContexts = 4096;
  static constexpr int kBiasLogOdds = 256;
  // Of order_1_, for a byte: the nodes of the first nibble, those of the second behind each.
  static constexpr std::size_t kTableNodes = 17 * 16;

  // Rows of the mixer: how far a match reaches, and the node.
  static constexpr std::size_t kMatchRanges = 4, kMixerRows = kMatchRanges * 256;
  static std::size_t match_range(unsigned bucket) {
    if (bucket == 0) return 0;
    return bucket < 16 ? 1 : bucket < 22 ? 2 : 3;
  }

  // The histories of a nibble's 15 nodes in each context: those of its first bit, of its second
  // behind a 0, behind a 1, ...
  using Nodes = std::array<std::uint8_t*, kContexts>;

  void open_byte();
  void open_second_nibble(std::uint32_t nibble);
  std::array<std::uint64_t, kLines> context_hashes();

  template <bool kBranches, class CodeBit>
  std::uint32_t code_nibble(std::uint32_t node, CodeBit& code_bit);

  using Seen = std::array<std::uint8_t, kContexts>;  // the histories of a bit
  EightShorts inputs_of(const Seen& seen) const;
  // `Bit` is bool or a constant.
  template <class Bit>
  void learn(const Nodes& nodes, std::uint32_t place, const Seen& seen, Bit bit);

  const BitHistories& histories_;
  ByteHistory history_;
  LineTable lines_;
  MatchModel match_;
  std::vector<std::uint8_t> order_1_;
  std::array<HistoryMap, kContexts> probabilities_;
  SmallMixer mixer_;
  std::array<InterpolatedMap, 2> maps_;
  Segment segment_;
  std::uint64_t word_ = 0;
  std::uint32_t map_rows_ = 0;  // where the second map's rows of this byte begin

  std::array<std::uint8_t*, kLines> byte_lines_{};
  Nodes nodes_{};
};

[[gnu::always_inline]] inline EightShorts FastModel::inputs_of(const Seen& seen) const {
  const int match = match_.predicts() ? stretch(match_.probability().probability12()) : 0;
  return EightShorts{probabilities_[0].log_odds(seen[0]), probabilities_[1].log_odds(seen[1]),
                     probabilities_[2].log_odds(seen[2]), probabilities_[3].log_odds(seen[3]),
                     probabilities_[4].log_odds(seen[4]), probabilities_[5].log_odds(seen[5]),
                     static_cast<std::int16_t>(match),    kBiasLogOdds};
}

template <class Bit>
[[gnu::always_inline]] inline void FastModel::learn(const Nodes& nodes, std::uint32_t place,
                                                    const Seen& seen, Bit bit) {
  for (InterpolatedMap& map : maps_) map.update(bit, kMapRate);
  match_.update(bit);
  for (std::size_t i = 0; i < kContexts; ++i) {
    probabilities_[i].update(seen[i], bit);
    nodes[i][place] = histories_.next(seen[i], bit);
  }
}

template <bool kBranches, class CodeBit>
[[gnu::always_inline]] inline std::uint32_t FastModel::code_nibble(std::uint32_t node,
                                                                   CodeBit& code_bit) {
  const Nodes nodes = nodes_;
  const unsigned bits_before = node == 1 ? 0 : 4;
  std::uint32_t place = 0;
  for (unsigned i = 0; i < 4; ++i) {
    maps_[1].select((map_rows_ + node) % kMapContexts);
    match_.prepare(node, bits_before + i);
    const std::size_t row = match_range(match_.bucket()) * 256 + node;
    maps_[0].select(row);
    Seen seen;
    for (std::size_t context = 0; context < kContexts; ++context) {
      seen[context] = nodes[context][place];
    }
    const EightShorts inputs = inputs_of(seen);
    const int mixture = mixer_.mix(row, inputs);
    const std::uint32_t sum = maps_[0].refine(mixture) + 3 * maps_[1].refine(mixture);
    const bool bit = code_bit(std::clamp(sum / 4, 1u, (1u << kProbabilityBits) - 1));
    const auto learn_from = [&](auto known) {
      mixer_.update(row, inputs, mixture, known);
      learn(nodes, place, seen, known);
    };
    if constexpr (!kBranches) {
      learn_from(bit);
    } else if (bit) {
      learn_from(std::true_type{});
    } else {
      learn_from(std::false_type{});
    }
    node = node * 2 + (bit ? 1 : 0);
    place = place * 2 + (bit ? 2 : 1);
  }
  return node;
}

}  // namespace evalzip
