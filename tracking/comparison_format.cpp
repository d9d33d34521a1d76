#include "tracking/comparison_format.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/columns.h"

namespace evalzip {
namespace {

constexpr std::array kFormats{
    ComparisonFormat{"text", "groups for people, worst first", write_comparison_text},
    ComparisonFormat{"json", "everything, for programs", write_comparison_json},
    ComparisonFormat{"junit", "JUnit XML, which every CI reads", write_comparison_junit},
    ComparisonFormat{"github-summary", "Markdown for $GITHUB_STEP_SUMMARY", write_github_summary},
    ComparisonFormat{"github-comment", "Markdown for a comment, empty if nothing changed",
                     write_github_comment},
    ComparisonFormat{"github-annotations", "workflow commands ::error and ::warning",
                     write_github_annotations},
};

std::string seconds_words(double seconds) {
  if (seconds >= 1) return fmt::format("{:.4g} s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.4g} ms", seconds * 1e3);
  return fmt::format("{:.4g} us", seconds * 1e6);
}

std::string one_value(const Metric& metric, double value) {
  if (metric.unit == "seconds") return seconds_words(value);
  if (value == std::floor(value) && value < 1e18) {
    return format_grouped(static_cast<std::uint64_t>(value));
  }
  return fmt::format("{:.12g}", value);
}

}  // namespace

std::span<const ComparisonFormat> comparison_formats() { return kFormats; }

const ComparisonFormat& find_comparison_format(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &ComparisonFormat::name);
  if (found != kFormats.end()) return *found;
  std::vector<std::string_view> known;
  for (const ComparisonFormat& format : kFormats) known.push_back(format.name);
  throw ComparisonError(
      fmt::format("no format {} of comparisons: there are {}", name, fmt::join(known, ", ")));
}

std::string change_words(double ratio) {
  if (!std::isfinite(ratio)) return "from 0";
  const double percent = (ratio - 1) * 100;
  const int places = percent != 0 && std::abs(percent) < 0.01 ? 6 : 2;
  return fmt::format("{:+.{}f} %", percent, places);
}

std::string value_words(const Finding& finding) {
  const Metric& metric = *finding.metric;
  const std::string unit = metric.unit == "seconds" ? "" : fmt::format(" {}", metric.unit);
  return fmt::format("{} -> {}{}", one_value(metric, finding.base), one_value(metric, finding.head),
                     unit);
}

std::string interval_words(const Finding& finding) {
  if (!finding.ratio_interval) return change_words(finding.ratio());
  return fmt::format("{} [{}, {}]", change_words(finding.ratio()),
                     change_words(finding.ratio_interval->low),
                     change_words(finding.ratio_interval->high));
}

std::string count_words(const Comparison& comparison) {
  const std::pair<std::size_t, const char*> counts[] = {
      {comparison.broken.size(), "broken"},
      {comparison.count(Verdict::regressed), "regressed"},
      {comparison.remodelled.size(), "with another model"},
      {comparison.failed.size(), "without a result now"},
      {comparison.count(Verdict::improved), "improved"},
      {comparison.added.size(), "added"},
      {comparison.removed.size(), "removed"},
      {comparison.other.size(), "not compared"},
      {comparison.count(Verdict::inconclusive), "inconclusive"},
      {comparison.count(Verdict::unchanged), "unchanged"}};
  std::vector<std::string> words;
  for (const auto& [count, word] : counts) {
    if (count != 0) words.push_back(fmt::format("{} {}", count, word));
  }
  return words.empty() ? "nothing compared" : fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace evalzip
