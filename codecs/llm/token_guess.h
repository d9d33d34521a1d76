// What the prediction of a token says of the bytes of the token that came.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/llm/byte_tree.h"
#include "codecs/llm/token_walk.h"

namespace evalzip {

// Of one byte, and of whether the token ends behind it.
struct ByteGuess {
  BitOdds odds{};
  std::uint8_t certain = 0;  // a bit for each bit of the byte, the highest first
  bool asks = false;         // the token may end, and need not
  int end_log_odds = 0;      // if it asks
  std::uint32_t node = 0;    // as TokenWalk has it
};

struct TokenGuess {
  std::vector<ByteGuess> bytes;

  // Returns what the token costs, in bits.
  double assign(const SortedVocabulary& vocabulary, const SortedCounts& counts,
                std::span<const std::uint8_t> token) {
    TokenWalk walk;
    walk.begin(vocabulary, counts);
    bytes.clear();
    for (const std::uint8_t byte : token) {
      ByteGuess& guess = bytes.emplace_back();
      for (unsigned i = 0; i < guess.odds.size(); ++i) {
        guess.odds[i] = static_cast<std::int16_t>(walk.log_odds());
        if (walk.certain_bit()) guess.certain |= static_cast<std::uint8_t>(128u >> i);
        walk.take_bit((byte >> (7 - i) & 1u) != 0);
      }
      walk.take(byte);
      guess.asks = walk.can_end() && !walk.must_end();
      guess.end_log_odds = guess.asks ? walk.end_log_odds() : 0;
      guess.node = walk.node();
    }
    return walk.bits();
  }
};

}  // namespace evalzip
