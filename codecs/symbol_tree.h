// A symbol of up to 8 bits as that many decisions, each with its own model of one bit.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "codecs/entropy_model.h"

namespace evalzip {

// A binary tree over an alphabet of 2 to 256 symbols, the first bit the most significant one. The
// probability of a symbol is the product along its path; a decision of which only one outcome leads
// to a symbol is not coded. `Bit` is a BinaryModel, or an EntropyModel of two symbols.
template <class Bit>
class SymbolTree {
 public:
  explicit SymbolTree(std::size_t alphabet_size)
      : size_(static_cast<std::uint32_t>(alphabet_size)),
        depth_(static_cast<unsigned>(std::bit_width(alphabet_size - 1))) {}

  unsigned depth() const { return depth_; }

  // Of the decision after the bits of `path`, which begins with a 1 to mark its length.
  Bit& node(std::uint32_t path) { return nodes_[path]; }

  // Whether any symbol has a 1 after `path`, with `later` bits still to come after that.
  bool forks(std::uint32_t path, unsigned later) const {
    return ((2 * path + 1) << later) - (1u << depth_) < size_;
  }

 private:
  std::uint32_t size_;
  unsigned depth_;
  std::array<Bit, 256> nodes_{};
};

template <class Bit, IntervalEncoder Encoder>
void encode_symbol(SymbolTree<Bit>& tree, Symbol symbol, Encoder& encoder) {
  std::uint32_t path = 1;
  for (unsigned later = tree.depth(); later-- > 0;) {
    const std::uint32_t bit = symbol >> later & 1u;
    if (tree.forks(path, later)) {
      if constexpr (BinaryModel<Bit>) {
        encode_bit(tree.node(path), bit != 0, encoder);
      } else {
        encode_symbol(tree.node(path), bit, encoder);
      }
    }
    path = 2 * path + bit;
  }
}

template <class Bit, class Decoder>
Symbol decode_symbol(SymbolTree<Bit>& tree, Decoder& decoder) {
  std::uint32_t path = 1;
  for (unsigned later = tree.depth(); later-- > 0;) {
    std::uint32_t bit = 0;
    if (tree.forks(path, later)) {
      if constexpr (BinaryModel<Bit>) {
        bit = decode_bit(tree.node(path), decoder) ? 1 : 0;
      } else {
        bit = decode_symbol(tree.node(path), decoder);
      }
    }
    path = 2 * path + bit;
  }
  return path - (1u << tree.depth());
}

}  // namespace evalzip
