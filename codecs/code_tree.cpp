#include "codecs/code_tree.h"

#include <algorithm>

namespace evalzip {
namespace {

using Node = CodeTree::Node;

// The child of `parent` on the side of `bit`, made if it is not there yet.
std::size_t descend(CodeTree& tree, std::size_t parent, bool bit) {
  std::optional<std::size_t>& child = bit ? tree.nodes[parent].one : tree.nodes[parent].zero;
  if (child) return *child;
  const std::size_t made = tree.nodes.size();
  child = made;
  tree.nodes.push_back({.depth = tree.nodes[parent].depth + 1});
  return made;
}

void add_leaf(CodeTree& tree, const CodedSymbol& coded) {
  std::size_t node = 0;
  tree.nodes[0].count += coded.count;
  for (auto later = static_cast<unsigned>(coded.length_bits); later-- > 0;) {
    node = descend(tree, node, (coded.word >> later & 1u) != 0);
    tree.nodes[node].count += coded.count;
  }
  tree.nodes[node].symbol = coded.symbol;
}

// Leaves from left to right, every parent above the middle of its children.
void place(CodeTree& tree, std::size_t number, double& next_leaf) {
  Node& node = tree.nodes[number];
  if (node.symbol) {
    node.place = next_leaf++;
    return;
  }
  place(tree, *node.zero, next_leaf);
  place(tree, *node.one, next_leaf);
  node.place = (tree.nodes[*node.zero].place + tree.nodes[*node.one].place) / 2;
}

}  // namespace

unsigned CodeTree::depth() const {
  unsigned deepest = 0;
  for (const Node& node : nodes) deepest = std::max(deepest, node.depth);
  return deepest;
}

CodeTree code_tree(const CodeTable& table) {
  CodeTree tree;
  if (table.symbols.size() < 2) return tree;
  tree.nodes.emplace_back();
  for (const CodedSymbol& coded : table.symbols) add_leaf(tree, coded);
  double next_leaf = 0;
  place(tree, 0, next_leaf);
  return tree;
}

}  // namespace evalzip
