#include "reports/best_known.h"

#include <algorithm>

namespace evalzip {

BestKnown::BestKnown(const Run& run) {
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok || record.sampled_from_bytes || !record.encoded_bytes) {
      continue;
    }
    double bits = 8 * static_cast<double>(*record.encoded_bytes);
    if (record.ideal_bits) bits = std::min(bits, *record.ideal_bits);
    if (record.ctw_bits) bits = std::min(bits, *record.ctw_bits);
    const Document document(record.corpus, record.document);
    const auto [place, is_new] = bits_.emplace(document, bits);
    place->second = std::min(place->second, bits);
    if (record.model_bytes.value_or(0) > 0) continue;
    const auto [other, is_first] = without_model_.emplace(document, *record.encoded_bytes);
    other->second = std::min(other->second, *record.encoded_bytes);
  }
}

std::optional<double> BestKnown::bits(const Record& record) const {
  if (record.sampled_from_bytes) return std::nullopt;
  const auto found = bits_.find({record.corpus, record.document});
  if (found == bits_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::uint64_t> BestKnown::bytes_without_model(const Record& record) const {
  if (record.sampled_from_bytes) return std::nullopt;
  const auto found = without_model_.find({record.corpus, record.document});
  if (found == without_model_.end()) return std::nullopt;
  return found->second;
}

}  // namespace evalzip
