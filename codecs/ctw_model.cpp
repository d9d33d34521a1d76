#include "codecs/ctw_model.h"

#include <algorithm>
#include <bit>

#include "codecs/ctw_tables.h"

namespace evalzip {
namespace {

constexpr std::uint32_t kOne = CtwTables::kOne;
constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15u;  // 2^64 / golden ratio: Knuth, 1973

}  // namespace

CtwSettings fitted(CtwSettings settings, std::size_t size) {
  const auto needed =
      static_cast<unsigned>(std::bit_width(128 * std::uint64_t{settings.depth} * (size + 1)));
  settings.memory_bits = std::clamp(needed, 12u, settings.memory_bits);
  return settings;
}

CtwModel::CtwModel(const CtwSettings& settings)
    : depth_(settings.depth),
      slot_mask_((std::size_t{1} << settings.memory_bits) / sizeof(Slot) - 1),
      slots_(slot_mask_ + 1) {
  enter_half();
  predict();
}

// Every context has two places; the less used one is given up.
CtwModel::Slot& CtwModel::slot_of(std::uint64_t hash) {
  const std::uint32_t check = static_cast<std::uint32_t>(hash >> 32) | 1u;  // 0 is an empty slot's
  Slot& first = slots_[hash & slot_mask_];
  if (first.check == check) return first;
  Slot& second = slots_[(hash & slot_mask_) ^ 1];
  if (second.check == check) return second;
  const auto uses = [](const Slot& slot) { return slot.nodes[0].counted(); };
  Slot& given_up = uses(first) <= uses(second) ? first : second;
  given_up = Slot{};
  given_up.check = check;
  return given_up;
}

void CtwModel::enter_half() {
  path_[0] = &order_0_[half_];
  if (half_ == 0) {
    std::uint64_t hash = 0;
    for (unsigned d = 1; d <= depth_; ++d) {
      hash = (hash + static_cast<std::uint64_t>(history_[d - 1]) + 1) * kMultiplier;
      hash ^= hash >> 29;
      hashes_[d] = hash + d;
    }
  }
  // All are asked for before the first is waited for.
  std::array<std::uint64_t, kGreatestDepth + 1> places{};
  for (unsigned d = 1; d <= depth_; ++d) {
    places[d] = (hashes_[d] + half_) * kMultiplier;
    places[d] ^= places[d] >> 31;
    __builtin_prefetch(&slots_[places[d] & slot_mask_]);
  }
  for (unsigned d = 1; d <= depth_; ++d) path_[d] = &slot_of(places[d]);
}

void CtwModel::predict() {
  const CtwTables& tables = CtwTables::instance();
  // Deeper nodes all say what this one's estimator says, and so does their mixture.
  seen_ = depth_;
  while (seen_ > 0 && path_[seen_]->nodes[node_ - 1].counted() == 0) --seen_;
  for (unsigned d = 0; d <= seen_; ++d) {
    const Node& node = path_[d]->nodes[node_ - 1];
    const bool unseen = node.counted() == 0;
    estimate_[d] = unseen && d > 0 ? estimate_[d - 1] : tables.estimate(node.zeros(), node.ones());
  }
  weighted_[seen_] = estimate_[seen_];
  for (unsigned d = seen_; d-- > 0;) {
    const auto weight =
        static_cast<std::int32_t>(tables.weight(path_[d]->nodes[node_ - 1].log_beta()));
    const auto child = static_cast<std::int32_t>(weighted_[d + 1]);
    // 16 bits and a sign times 16 bits do not fit into 32.
    const std::int64_t pull =
        std::int64_t{static_cast<std::int32_t>(estimate_[d]) - child} * weight;
    const auto mixed = static_cast<std::uint32_t>(child + static_cast<std::int32_t>(pull >> 16));
    weighted_[d] = std::clamp(mixed, 1u, kOne - 1);
  }
}

void CtwModel::count(bool bit) {
  const CtwTables& tables = CtwTables::instance();
  const auto of_bit = [bit](std::uint32_t one) { return bit ? one : kOne - one; };
  const auto add = [bit](Node& node, int log_beta) {
    const unsigned halved = node.counted() == CtwTables::kMostCounted ? 1 : 0;
    node.set((node.zeros() >> halved) + (bit ? 0 : 1), (node.ones() >> halved) + (bit ? 1 : 0),
             log_beta);
  };
  for (unsigned d = 0; d <= depth_; ++d) {
    Node& node = path_[d]->nodes[node_ - 1];
    if (d >= seen_) {  // its estimate and its child's mixture are the same
      add(node, node.log_beta());
      continue;
    }
    const int log_beta =
        node.log_beta() + tables.log2(of_bit(estimate_[d])) - tables.log2(of_bit(weighted_[d + 1]));
    add(node, std::clamp(log_beta, -CtwTables::kMostLogBeta, CtwTables::kMostLogBeta));
  }
}

void CtwModel::end_half() {
  const unsigned bits = node_ & 15;
  node_ = 1;
  if (half_ == 0) {
    half_ = 1 + bits;
  } else {
    std::copy_backward(history_.begin(), history_.end() - 1, history_.end());
    history_[0] = static_cast<std::byte>((half_ - 1) << 4 | bits);
    half_ = 0;
  }
  enter_half();
}

void CtwModel::update(bool bit) {
  count(bit);
  node_ = node_ << 1 | (bit ? 1 : 0);
  if (node_ >= 16) end_half();
  predict();
}

}  // namespace evalzip
