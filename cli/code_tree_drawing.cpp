#include "cli/code_tree_drawing.h"

#include <fmt/format.h>

#include "cli/code_table_text.h"
#include "reports/escape.h"

namespace evalzip {
namespace {

using Node = CodeTree::Node;

constexpr const char* kNoTree = "At most one symbol: no code, no tree";

// Of the drawing, in pixels.
constexpr double kLeafWidth = 50, kLevelHeight = 56, kMargin = 40;

double x_of(const Node& node) { return kMargin + node.place * kLeafWidth; }
double y_of(const Node& node) { return kMargin + node.depth * kLevelHeight; }

// In a Graphviz string.
std::string dot_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string share_text(const CodeTree& tree, const Node& node) {
  const double share =
      static_cast<double>(node.count) / static_cast<double>(tree.nodes.front().count);
  return share >= 0.0001 ? fmt::format("{:.2f} %", 100 * share) : "<0.01 %";
}

std::string dot_node(const CodeTree& tree, std::size_t number) {
  const Node& node = tree.nodes[number];
  if (node.symbol) {
    return fmt::format("  n{} [shape=box, label=\"{}\\n{}\"];\n", number,
                       dot_text(symbol_text(*node.symbol)), share_text(tree, node));
  }
  return fmt::format(
      "  n{0} [label=\"\"];\n  n{0} -> n{1} [label=\"0\"];\n"
      "  n{0} -> n{2} [label=\"1\"];\n",
      number, *node.zero, *node.one);
}

std::string svg_text(double x, double y, const std::string& text, const char* kind) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", kind, x, y,
                     xml_text(text));
}

// The branch from a node to its child, with its bit on the outer side.
std::string svg_branch(const Node& from, const Node& to, char bit) {
  const double x = (x_of(from) + x_of(to)) / 2, y = (y_of(from) + y_of(to)) / 2;
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                     x_of(from), y_of(from), x_of(to), y_of(to)) +
         svg_text(x + (bit == '0' ? -6 : 6), y - 4, std::string(1, bit), "bit");
}

std::string svg_node(const CodeTree& tree, const Node& node) {
  const double x = x_of(node), y = y_of(node);
  if (!node.symbol) return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>\n", x, y);
  return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"30\" rx=\"4\"/>\n",
                     x - kLeafWidth / 2 + 2, y - 4, kLeafWidth - 4) +
         svg_text(x, y + 9, symbol_text(*node.symbol), "symbol") +
         svg_text(x, y + 21, share_text(tree, node), "share");
}

std::string svg_document(double width, double height, const std::string& body) {
  constexpr const char* kStyle =
      "<style>line{stroke:#777}circle{fill:#777}rect{fill:#eef3fb;stroke:#3a66a8}"
      "text{font-family:sans-serif;text-anchor:middle;fill:#222}.bit{font-size:10px;fill:#777}"
      ".symbol{font-family:monospace;font-size:11px}.share{font-size:8px}</style>\n";
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\">\n{2}"
      "<rect width=\"100%\" height=\"100%\" style=\"fill:#fff;stroke:none\"/>\n"
      "{3}</svg>\n",
      width, height, kStyle, body);
}

}  // namespace

std::string code_tree_dot(const CodeTree& tree) {
  std::string text = "digraph huffman {\n  node [shape=circle, width=0.1, fontname=monospace];\n";
  if (tree.nodes.empty()) text += fmt::format("  none [shape=box, label=\"{}\"];\n", kNoTree);
  for (std::size_t number = 0; number < tree.nodes.size(); ++number) {
    text += dot_node(tree, number);
  }
  return text + "}\n";
}

std::string code_tree_svg(const CodeTree& tree) {
  if (tree.nodes.empty()) {
    return svg_document(300, 60, svg_text(150, 34, kNoTree, "symbol"));
  }
  std::string branches, nodes;
  for (const Node& node : tree.nodes) {
    if (!node.symbol) {
      branches += svg_branch(node, tree.nodes[*node.zero], '0');
      branches += svg_branch(node, tree.nodes[*node.one], '1');
    }
    nodes += svg_node(tree, node);
  }
  const double width = 2 * kMargin + static_cast<double>(tree.leaves() - 1) * kLeafWidth;
  return svg_document(width, 2 * kMargin + tree.depth() * kLevelHeight, branches + nodes);
}

}  // namespace evalzip
