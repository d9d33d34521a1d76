// Context-tree weighting of bytes: the mixture of all tree models up to a depth, bit by bit.
//
// Willems, Shtarkov and Tjalkens (1995) weight every way to prune a tree of contexts, with the
// estimator of Krichevsky and Trofimov in its nodes. Here a byte is eight binary decisions (Volf,
// 2002), each with a tree of its own whose branches are the bytes before, the nearest first. At a
// node s of depth d the weighted probability of the next bit is
//
//     P_w(s) = (beta P_e(s) + P_w(child of s)) / (beta + 1),    P_w = P_e at the greatest depth,
//
// where beta, the odds that the tree ends in s, is multiplied by P_e(bit) / P_w(child)(bit) after
// every bit (Willems and Tjalkens, 1997). All in integers: probabilities in units of 2^-16, log2 of
// beta in units of 1/64. Two departures from the papers: counts of a node are halved at 1023, and a
// child that was never seen says what its parent's estimator says instead of 1/2, which costs less
// on real data, where most contexts are new.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace evalzip {

struct CtwSettings {
  unsigned depth = 6;         // bytes of context, 1 to 16
  unsigned memory_bits = 26;  // the nodes take 2^memory_bits bytes, at least 2^12
};

// With no more memory than a document of `size` bytes can fill: of n bytes at most 2 n depth
// contexts are visited, a cache line each.
CtwSettings fitted(CtwSettings settings, std::size_t size);

// A BinaryModel: most significant bit of each byte first. Contexts that do not fit into the memory
// replace others; the decoder does the same. Not thread-safe.
class CtwModel {
 public:
  static constexpr unsigned kProbabilityBits = 16;
  static constexpr unsigned kGreatestDepth = 16;

  explicit CtwModel(const CtwSettings& settings);

  std::uint32_t probability_of_one() const { return weighted_[0]; }
  void update(bool bit);

 private:
  // How many zeros and ones came, and the logarithm of beta, in 10, 10 and 12 bits.
  class Node {
   public:
    std::uint32_t zeros() const { return state_ & 1023; }
    std::uint32_t ones() const { return state_ >> 10 & 1023; }
    std::uint32_t counted() const { return zeros() + ones(); }
    int log_beta() const { return static_cast<std::int32_t>(state_) >> 20; }
    void set(std::uint32_t zeros, std::uint32_t ones, int log_beta) {
      state_ = zeros | ones << 10 | static_cast<std::uint32_t>(log_beta) << 20;
    }

   private:
    std::uint32_t state_ = 0;
  };
  // The nodes of one context for the decisions of half a byte, one cache line.
  struct alignas(64) Slot {
    std::uint32_t check = 0;
    std::array<Node, 15> nodes{};
  };

  void predict();
  void count(bool bit);
  void end_half();
  void enter_half();
  Slot& slot_of(std::uint64_t hash);

  unsigned depth_;
  std::size_t slot_mask_;
  std::vector<Slot> slots_;
  std::array<Slot, 17> order_0_{};  // of the first half byte, then of the second after each first
  std::array<std::byte, kGreatestDepth> history_{};  // the nearest first
  unsigned node_ = 1;  // of this half byte: a one, then its bits so far
  unsigned half_ = 0;  // 0: the first half; else 1 + the bits of the first
  unsigned seen_ = 0;  // greatest depth at which the next decision was met before
  // By depth, the last two up to seen_:
  std::array<Slot*, kGreatestDepth + 1> path_{};                           // of this half byte
  std::array<std::uint64_t, kGreatestDepth + 1> hashes_{};                 // of the bytes before
  std::array<std::uint32_t, kGreatestDepth + 1> estimate_{}, weighted_{};  // probability of a one
};

}  // namespace evalzip
