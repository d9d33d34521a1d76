#include "bounds/record_length.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "codecs/histogram.h"

namespace evalzip {
namespace {

constexpr std::size_t kMostRead = std::size_t{1} << 20;
constexpr std::size_t kFewestRecords = 16;
constexpr double kLeastLead = 0.05;  // of agreement over the distances around

double entropy_of(const ByteHistogram& counts) {
  double total = 0, sum = 0;
  for (const std::uint32_t count : counts) {
    total += count;
    if (count > 0) sum += count * std::log2(static_cast<double>(count));
  }
  return total > 0 ? std::log2(total) - sum / total : 0;
}

// Share of bytes equal to the one `distance` earlier.
double agreement_at(Bytes document, std::size_t distance) {
  std::uint32_t equal = 0;
  for (std::size_t i = distance; i < document.size(); ++i) {
    equal += document[i] == document[i - distance] ? 1 : 0;
  }
  return equal / static_cast<double>(document.size() - distance);
}

// Median of the agreements at up to four distances on either side.
double around(const std::vector<double>& agreements, std::size_t distance) {
  std::vector<double> others;
  for (std::size_t d = distance > 4 ? distance - 4 : 1; d <= distance + 4 && d < agreements.size();
       ++d) {
    if (d != distance) others.push_back(agreements[d]);
  }
  const auto middle = others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2);
  std::nth_element(others.begin(), middle, others.end());
  return *middle;
}

double entropy_of_differences(Bytes document, std::size_t distance) {
  std::vector<std::byte> differences(document.begin(), document.end());
  for (std::size_t i = document.size(); i-- > distance;) {
    differences[i] = static_cast<std::byte>(std::to_integer<unsigned>(document[i]) -
                                            std::to_integer<unsigned>(document[i - distance]));
  }
  return entropy_of(count_bytes(differences));
}

}  // namespace

std::optional<RecordLength> record_length(Bytes document) {
  document = document.first(std::min(document.size(), kMostRead));
  const std::size_t longest = std::min(kLongestRecord, document.size() / kFewestRecords);
  if (longest < 2) return std::nullopt;
  std::vector<double> agreements(2 * longest + 5, 0);
  for (std::size_t d = 1; d < agreements.size(); ++d) agreements[d] = agreement_at(document, d);
  std::vector<double> leads(longest + 1, 0);
  for (std::size_t d = 2; d <= longest; ++d) {
    leads[d] = std::min(agreements[d] - around(agreements, d),
                        agreements[2 * d] - around(agreements, 2 * d));
  }
  const double best = *std::max_element(leads.begin(), leads.end());
  if (best < kLeastLead) return std::nullopt;
  const auto chosen =
      std::find_if(leads.begin(), leads.end(), [&](double lead) { return lead >= 0.9 * best; });
  const auto bytes = static_cast<std::size_t>(chosen - leads.begin());
  double chance = 0;
  for (const std::uint32_t count : count_bytes(document)) {
    const double share = count / static_cast<double>(document.size());
    chance += share * share;
  }
  return RecordLength{.bytes = bytes, .agreement = agreements[bytes], .chance = chance};
}

std::optional<Stride> best_stride(Bytes document, std::size_t record) {
  constexpr double kMostOfOwn = 0.95;
  document = document.first(std::min(document.size(), kMostRead));
  std::optional<Stride> best;
  double least = kMostOfOwn * entropy_of(count_bytes(document));
  for (const std::size_t distance : std::array<std::size_t, 9>{1, 2, 3, 4, 5, 6, 7, 8, record}) {
    if (distance == 0 || kFewestRecords * distance > document.size()) continue;
    const double entropy = entropy_of_differences(document, distance);
    if (entropy >= least) continue;
    least = entropy;
    best = Stride{.bytes = distance, .entropy_bits = entropy};
  }
  return best;
}

}  // namespace evalzip
