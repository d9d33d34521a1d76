#include "codecs/ppm_model.h"

#include <algorithm>
#include <cassert>

namespace evalzip {
namespace {

// Counts are halved beyond it, so that a context follows its source.
constexpr std::uint16_t kMostCount = 250;

}  // namespace

PpmSettings ppm_settings(unsigned order, std::size_t size, std::size_t memory_bytes) {
  const std::size_t fewest = 2 * (order + 2);
  return {.order = order,
          .most_nodes = std::clamp((order + 1) * size + 2, fewest,
                                   std::max(fewest, memory_bytes / PpmModel::kNodeBytes))};
}

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
    tables_.assign(1, {});
  }
  missed_.clear();
  allowed_.fill(1);
  excluded_ = 0;
}

PpmModel::Choices PpmModel::choices_in(Index context) const {
  std::uint32_t total = 0, different = 0;
  if (has_table(context)) {
    const Table& table = tables_[nodes_[context].first];
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t count = std::uint32_t{table.counts[byte]} * allowed_[byte];
      total += 2 * count;
      different += count > 0;
    }
    return choices(context, total, different);
  }
  for (Index child = nodes_[context].first; child != kNone; child = nodes_[child].next) {
    if (excluded(nodes_[child].byte)) continue;
    total += 2u * nodes_[child].count;
    ++different;
  }
  return choices(context, total, different);
}

// `total` is twice the counts of the `different` bytes. Where no byte is left for a shorter
// context, there is nothing to escape to.
PpmModel::Choices PpmModel::choices(Index context, std::uint32_t total,
                                    std::uint32_t different) const {
  if (different + excluded_ == 256) return {*this, context, total - different, 0};
  return {*this, context, total, different};
}

PpmModel::Choices PpmModel::choices_below() const { return {*this, kNone, 256 - excluded_, 0}; }

// `found` is asked about each byte that may come, in order, with where its interval begins and how
// wide it is, until it says yes.
template <class Found>
PpmModel::Choice PpmModel::Choices::find(Found found) const {
  std::uint32_t low = 0;
  const auto is_found = [&](std::uint8_t byte, std::uint32_t width) {
    if (model.excluded(byte)) return false;
    if (found(byte, low, width)) return true;
    low += width;
    return false;
  };
  if (context == kNone) {
    for (unsigned each = 0; each < 256; ++each) {
      const auto byte = static_cast<std::uint8_t>(each);
      if (is_found(byte, 1)) return {{low, 1}, false, byte, kNone};
    }
  } else if (model.has_table(context)) {
    const Table& table = model.tables_[model.nodes_[context].first];
    for (unsigned each = 0; each < 256; ++each) {
      if (table.counts[each] == 0) continue;
      const auto byte = static_cast<std::uint8_t>(each);
      const std::uint32_t width = 2u * table.counts[each] - 1;
      if (is_found(byte, width)) return {{low, width}, false, byte, table.children[each]};
    }
  } else {
    for (Index child = model.nodes_[context].first; child != kNone;
         child = model.nodes_[child].next) {
      const Node& node = model.nodes_[child];
      const std::uint32_t width = 2u * node.count - 1;
      if (is_found(node.byte, width)) return {{low, width}, false, node.byte, child};
    }
  }
  return {{low, escape}, true, 0, kNone};
}

PpmModel::Choice PpmModel::Choices::find_byte(std::uint8_t wanted) const {
  return find([&](std::uint8_t byte, std::uint32_t, std::uint32_t) { return byte == wanted; });
}

PpmModel::Choice PpmModel::Choices::find_point(std::uint32_t point) const {
  return find(
      [&](std::uint8_t, std::uint32_t low, std::uint32_t width) { return point < low + width; });
}

void PpmModel::exclude(Index context) {
  const auto rule_out = [&](std::uint8_t byte) {
    excluded_ += allowed_[byte];
    allowed_[byte] = 0;
  };
  if (has_table(context)) {
    const Table& table = tables_[nodes_[context].first];
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (table.counts[byte] > 0) rule_out(static_cast<std::uint8_t>(byte));
    }
    return;
  }
  for (Index child = nodes_[context].first; child != kNone; child = nodes_[child].next) {
    rule_out(nodes_[child].byte);
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
  const auto halved = [](std::uint16_t count) {
    return static_cast<std::uint16_t>((count + 1) / 2);
  };
  if (has_table(context)) {
    Table& table = tables_[nodes_[context].first];
    if (++table.counts[nodes_[child].byte] <= kMostCount) return;
    for (std::uint16_t& count : table.counts) count = halved(count);
    return;
  }
  if (++nodes_[child].count <= kMostCount) return;
  for (Index each = nodes_[context].first; each != kNone; each = nodes_[each].next) {
    nodes_[each].count = halved(nodes_[each].count);
  }
}

PpmModel::Index PpmModel::add_child(Index context, std::uint8_t byte, Index shorter) {
  const Index child = used_++;
  Node& parent = nodes_[context];
  nodes_[child] = {.first = kNone,
                   .next = kNone,
                   .shorter = shorter,
                   .count = 1,
                   .byte = byte,
                   .depth = static_cast<std::uint8_t>(parent.depth + 1)};
  if (has_table(context)) {
    if (parent.first == kNone) {
      parent.first = static_cast<Index>(tables_.size());
      tables_.emplace_back();
    }
    tables_[parent.first].counts[byte] = 1;
    tables_[parent.first].children[byte] = child;
  } else {
    nodes_[child].next = parent.first;
    parent.first = child;
  }
  return child;
}

}  // namespace evalzip
