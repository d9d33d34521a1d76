// What a node of a context remembers of the bits it has seen, in one byte.
#pragma once

#include <array>
#include <cstdint>

namespace evalzip {

// History 0 has seen nothing. Up to four bits are remembered in their order; later ones as how many
// zeros, how many ones, and which came last. A bit of one kind makes older ones of the other count
// less, because what happened lately tells more about what comes next; and counts stop at bounds
// that keep all histories within a byte. The idea of such states is Mahoney's (paq6, 2003); the
// states are enumerated here from the rules in bit_history.cpp.
class BitHistories {
 public:
  BitHistories();

  // Of the history after one more bit.
  std::uint8_t next(std::uint8_t history, bool bit) const { return next_[bit ? 1 : 0][history]; }

  // How many zeros and ones a history stands for.
  struct Counts {
    std::uint8_t zeros, ones;
  };
  Counts counts(std::uint8_t history) const { return counts_[history]; }

  // Histories in use: 0 to number() - 1, the ones that have seen less first.
  unsigned number() const { return number_; }

 private:
  std::array<std::array<std::uint8_t, 256>, 2> next_{};
  std::array<Counts, 256> counts_{};
  unsigned number_ = 0;
};

// The one table, made at the first call.
const BitHistories& bit_histories();

}  // namespace evalzip
