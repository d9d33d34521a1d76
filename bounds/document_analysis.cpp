#include "bounds/document_analysis.h"

#include <algorithm>
#include <bit>

#include "bounds/ctw_bits.h"
#include "bounds/ppm_bits.h"
#include "bounds/sampling_error.h"
#include "bounds/suffix_array.h"

namespace evalzip {
namespace {

Bytes beginning(Bytes document, std::size_t size) {
  return document.first(std::min(document.size(), size));
}

void add_orders(DocumentAnalysis& analysis, Bytes document, const AnalysisSettings& settings) {
  constexpr std::size_t kCounted = std::size_t{1} << 32;  // sampling_errors() counts below that
  analysis.orders = order_statistics(document, {.highest_order = settings.highest_order,
                                                .threads = settings.threads,
                                                .memory_bytes = settings.memory_bytes});
  analysis.first_meaningless_order = first_meaningless_order(analysis.orders);
  if (document.size() >= kCounted) return;
  const auto errors =
      sampling_errors(document, std::min(settings.highest_order, kHighestErrorOrder));
  for (std::size_t order = 0; order < errors.size(); ++order) {
    analysis.half_widths.push_back(half_width(analysis.orders[order], errors[order]));
  }
}

void add_matches(DocumentAnalysis& analysis, Bytes document, const AnalysisSettings& settings) {
  const Bytes part = beginning(document, std::min(settings.match_bytes, kLongestSuffixText));
  const std::vector<std::uint32_t> matches = longest_earlier_matches(part);
  analysis.match_size = part.size();
  analysis.match_entropy = match_entropy(matches);
  analysis.profile = entropy_profile(document, matches, settings.windows);
}

// A small document needs few nodes: at most 2 x depth of 64 bytes for each of its bytes.
void add_twins(DocumentAnalysis& analysis, Bytes document, const AnalysisSettings& settings) {
  const Bytes part = beginning(document, settings.ctw_bytes);
  CtwSettings ctw = settings.ctw;
  const std::size_t most = std::size_t{128} * ctw.depth * std::min(part.size(), kLongestSuffixText);
  ctw.memory_bits = std::clamp(static_cast<unsigned>(std::bit_width(most)), 16u, ctw.memory_bits);
  analysis.ctw_size = part.size();
  analysis.ctw_bits = ctw_bits(part, ctw);
  analysis.ppm_bits = ppm_bits(part, settings.ppm_order);
}

}  // namespace

DocumentAnalysis analyze(Bytes document, const AnalysisSettings& settings) {
  DocumentAnalysis analysis;
  analysis.size = document.size();
  analysis.kind = document_kind(document);
  analysis.counts = byte_counts(document);
  analysis.distinct =
      static_cast<unsigned>(256 - std::count(analysis.counts.begin(), analysis.counts.end(), 0));
  if (document.empty()) return analysis;
  add_orders(analysis, document, settings);
  add_matches(analysis, document, settings);
  analysis.words = word_entropy(document);
  analysis.characters = character_entropy(document);
  analysis.randomness = randomness(document);
  add_twins(analysis, document, settings);
  analysis.record = record_length(document);
  analysis.stride = best_stride(document, analysis.record ? analysis.record->bytes : 0);
  return analysis;
}

}  // namespace evalzip
