// A Huffman tree as a drawing: Graphviz, or SVG that needs no other program.
#pragma once

#include <string>

#include "codecs/code_tree.h"

namespace evalzip {

// Zeros go to the left, ones to the right. A tree without nodes gives a drawing that says so.
std::string code_tree_dot(const CodeTree& tree);
std::string code_tree_svg(const CodeTree& tree);

}  // namespace evalzip
