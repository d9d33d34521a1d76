// The tree of a Huffman code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "codecs/code_table.h"

namespace evalzip {

struct CodeTree {
  struct Node {
    std::optional<std::uint8_t> symbol;    // of a leaf
    std::uint64_t count = 0;               // bytes of the file below it
    unsigned depth = 0;                    // bits from the root
    double place = 0;                      // from left to right: leaves at 0, 1, 2, ...
    std::optional<std::size_t> zero, one;  // children, by number; none of a leaf
  };

  std::vector<Node> nodes;  // the root first; empty if there is no code

  std::size_t leaves() const { return (nodes.size() + 1) / 2; }
  unsigned depth() const;
};

// Leaves stand in the order of their words, so no two branches cross. `table` must be of a Huffman
// code.
CodeTree code_tree(const CodeTable& table);

}  // namespace evalzip
