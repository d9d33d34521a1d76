#include "weights/weights_report.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace evalzip {
namespace {

struct Kind {
  std::string_view name;
  std::vector<std::string_view> words;
};

// The first kind of which a word is in the name. Norms come first, because they are named after the
// part they stand before: "attention.output.LayerNorm".
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"norm", {"norm", "ln_", ".ln", "ln1", "ln2", "ln0"}},
      {"embedding", {"embed", "wte", "wpe", "tok_", "lm_head", "output.weight", "emb."}},
      {"attention",
       {"attn", "attention", "q_proj", "k_proj", "v_proj", "o_proj", "query", "key", "value", "wq",
        "wk", "wv", "wo", "att."}},
      {"MLP",
       {"mlp", "ffn", "feed_forward", "intermediate", "gate", "up_proj", "down_proj", "fc", "dense",
        "w1", "w2", "w3"}}};
  return all;
}

// Counts of what the fields of floats are.
class FieldCounts {
 public:
  explicit FieldCounts(const FloatLayout& layout)
      : layout_(layout),
        mantissa_bits_(8 * layout.bytes - 1 - layout.exponent_bits),
        // Of longer mantissas the first bits are counted together, and the other bytes each for
        // themselves.
        first_bits_(std::min(15 - layout.exponent_bits, mantissa_bits_)),
        exponents_(std::size_t{1} << layout.exponent_bits),
        mantissas_(std::size_t{1} << first_bits_),
        bytes_((mantissa_bits_ - first_bits_) / 8) {}

  void add(Bytes values) {
    for (std::size_t at = 0; at < values.size(); at += layout_.bytes) {
      const Bytes number = values.subspan(at, layout_.bytes);
      unsigned head = std::to_integer<unsigned>(number.back());
      if (layout_.bytes > 1) {
        head = head << 8 | std::to_integer<unsigned>(number[layout_.bytes - 2]);
      }
      ++signs_[head >> (first_bits_ + layout_.exponent_bits) & 1];
      ++exponents_[(head >> first_bits_) & (exponents_.size() - 1)];
      ++mantissas_[head & (mantissas_.size() - 1)];
      for (std::size_t i = 0; i < bytes_.size(); ++i) {
        ++bytes_[i][std::to_integer<std::size_t>(number[i])];
      }
    }
  }

  FieldEntropies entropies() const {
    double mantissa = entropy(mantissas_);
    for (const auto& counts : bytes_) mantissa += entropy(counts);
    return {.sign = entropy(signs_),
            .exponent = entropy(exponents_),
            .mantissa = mantissa,
            .exponent_bits = layout_.exponent_bits,
            .mantissa_bits = mantissa_bits_};
  }

 private:
  static double entropy(std::span<const std::uint64_t> counts) {
    double sum = 0, bits = 0;
    for (const std::uint64_t count : counts) sum += static_cast<double>(count);
    for (const std::uint64_t count : counts) {
      const auto share = static_cast<double>(count) / sum;
      if (count > 0) bits -= share * std::log2(share);
    }
    return bits;
  }

  FloatLayout layout_;
  unsigned mantissa_bits_, first_bits_;
  std::array<std::uint64_t, 2> signs_{};
  std::vector<std::uint64_t> exponents_, mantissas_;
  std::vector<std::array<std::uint64_t, 256>> bytes_;
};

// Absent unless a block is one float.
std::optional<FloatLayout> float_layout(const TensorLayout& layout) {
  const NumberFormat& numbers = layout.numbers();
  const Field& field = numbers.fields.front();
  if (numbers.block_numbers != 1 || field.kind != Field::Kind::floats) return std::nullopt;
  return field.layout;
}

}  // namespace

std::string tensor_kind(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const Kind& kind : kinds()) {
    for (const std::string_view word : kind.words) {
      if (lower.find(word) != std::string::npos) return std::string(kind.name);
    }
  }
  return "other";
}

std::vector<WeightsGroup> group_weights(const EvtIndex& index, const WeightsFile& weights) {
  std::vector<WeightsGroup> groups;
  std::vector<std::optional<FieldCounts>> counts;
  for (const TensorEntry& tensor : weights.index.tensors) {
    const std::string kind = tensor_kind(tensor.name);
    auto group = std::ranges::find_if(groups, [&](const WeightsGroup& one) {
      return one.kind == kind && one.type == tensor.type;
    });
    if (group == groups.end()) {
      const auto layout = float_layout(tensor.layout);
      counts.push_back(layout ? std::optional<FieldCounts>(*layout) : std::nullopt);
      groups.push_back({.kind = kind, .type = tensor.type});
      group = groups.end() - 1;
    }
    const EvtSegment* const segment = index.find(tensor.name);
    ++group->tensors;
    group->numbers += tensor.numbers();
    group->bytes += tensor.size;
    group->stored += segment == nullptr ? 0 : segment->stored();
    auto& counted = counts[static_cast<std::size_t>(group - groups.begin())];
    if (counted) {
      for_each_piece(weights.bytes, tensor.offset, tensor.size,
                     [&](Bytes bytes) { counted->add(bytes); });
    }
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (counts[i]) groups[i].entropies = counts[i]->entropies();
  }
  return groups;
}

}  // namespace evalzip
