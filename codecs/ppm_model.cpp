#include "codecs/ppm_model.h"

#include <cassert>

namespace evalzip {
namespace {

// Counts are halved beyond it, so that a context follows its source.
constexpr std::uint16_t kMostCount = 250;

}  // namespace

PpmModel::PpmModel(const PpmSettings& settings)
    : order_(settings.order),
      most_nodes_(settings.most_nodes),
      nodes_(std::make_unique_for_overwrite<Node[]>(settings.most_nodes)) {
  assert(most_nodes_ >= 2 * (order_ + 2));
}

void PpmModel::start_byte() {
  if (used_ == 0 || used_ + order_ + 1 > most_nodes_) {
    nodes_[kRoot] = {};
    used_ = kRoot + 1;
    context_ = kRoot;
  }
  missed_.clear();
  ++bytes_;
  excluded_ = 0;
}

PpmModel::Choices PpmModel::choices_in(Index context) const {
  std::uint32_t total = 0, different = 0;
  for (Index child = nodes_[context].first; child != kNone; child = nodes_[child].next) {
    if (excluded(nodes_[child].byte)) continue;
    total += 2u * nodes_[child].count - 1;
    ++different;
  }
  return {*this, context, total + different, different};
}

PpmModel::Choices PpmModel::choices_below() const { return {*this, kNone, 256 - excluded_, 0}; }

PpmModel::Choice PpmModel::Choices::find_byte(std::uint8_t byte) const {
  std::uint32_t low = 0;
  if (context == kNone) {
    for (unsigned other = 0; other < byte; ++other) {
      low += model.excluded(static_cast<std::uint8_t>(other)) ? 0 : 1;
    }
    return {{low, 1}, false, byte, kNone};
  }
  for (Index child = model.nodes_[context].first; child != kNone;
       child = model.nodes_[child].next) {
    const Node& node = model.nodes_[child];
    if (model.excluded(node.byte)) continue;
    const std::uint32_t width = 2u * node.count - 1;
    if (node.byte == byte) return {{low, width}, false, byte, child};
    low += width;
  }
  return {{low, escape}, true, 0, kNone};
}

PpmModel::Choice PpmModel::Choices::find_point(std::uint32_t point) const {
  std::uint32_t low = 0;
  if (context == kNone) {
    unsigned byte = 0;
    for (; byte < 255; ++byte) {
      if (model.excluded(static_cast<std::uint8_t>(byte))) continue;
      if (low == point) break;
      ++low;
    }
    return {{low, 1}, false, static_cast<std::uint8_t>(byte), kNone};
  }
  for (Index child = model.nodes_[context].first; child != kNone;
       child = model.nodes_[child].next) {
    const Node& node = model.nodes_[child];
    if (model.excluded(node.byte)) continue;
    const std::uint32_t width = 2u * node.count - 1;
    if (point < low + width) return {{low, width}, false, node.byte, child};
    low += width;
  }
  return {{low, escape}, true, 0, kNone};
}

void PpmModel::exclude(Index context) {
  for (Index child = nodes_[context].first; child != kNone; child = nodes_[child].next) {
    const std::uint8_t byte = nodes_[child].byte;
    if (excluded(byte)) continue;
    excluded_at_[byte] = bytes_;
    ++excluded_;
  }
}

// `context` is the one whose child the byte is, kNone if it was new everywhere. Only that one and
// the longer ones, which missed it, learn.
void PpmModel::learn(std::uint8_t byte, Index context, Index child) {
  if (child != kNone) raise(context, child);
  Index longest = child;
  while (!missed_.empty()) {
    longest = add_child(missed_.back(), byte, longest == kNone ? kRoot : longest);
    missed_.pop_back();
  }
  context_ = nodes_[longest].depth <= order_ ? longest : nodes_[longest].shorter;
}

void PpmModel::raise(Index context, Index child) {
  if (++nodes_[child].count <= kMostCount) return;
  for (Index each = nodes_[context].first; each != kNone; each = nodes_[each].next) {
    nodes_[each].count = static_cast<std::uint16_t>((nodes_[each].count + 1) / 2);
  }
}

PpmModel::Index PpmModel::add_child(Index context, std::uint8_t byte, Index shorter) {
  const Index child = used_++;
  Node& parent = nodes_[context];
  nodes_[child] = {.first = kNone,
                   .next = parent.first,
                   .shorter = shorter,
                   .count = 1,
                   .byte = byte,
                   .depth = static_cast<std::uint8_t>(parent.depth + 1)};
  parent.first = child;
  return child;
}

}  // namespace evalzip
