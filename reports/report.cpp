#include "reports/report.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace evalzip {
namespace {

constexpr ReportFormat kFormats[] = {
    {"table", "txt", "aligned text for a terminal", write_table},
    {"json", "json", "the run itself with every sample (docs/record_format.md)", write_json},
    {"gbench", "json", "Google Benchmark JSON, for its compare.py", write_gbench},
    {"benchmark-sizes", "json", "github-action-benchmark, customSmallerIsBetter: what is exact",
     write_benchmark_sizes},
    {"benchmark-times", "json", "github-action-benchmark, customSmallerIsBetter: times",
     write_benchmark_times},
    {"bmf", "json", "Bencher Metric Format, with intervals", write_bmf},
    {"openmetrics", "txt", "GitLab's metrics report, Prometheus", write_openmetrics},
};

}  // namespace

std::span<const ReportFormat> report_formats() { return kFormats; }

const ReportFormat& find_report_format(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &ReportFormat::name);
  if (found != std::end(kFormats)) return *found;
  std::vector<std::string_view> names;
  for (const ReportFormat& format : kFormats) names.push_back(format.name);
  throw ReportError(
      fmt::format("there is no report format '{}' (known: {})", name, fmt::join(names, ", ")));
}

}  // namespace evalzip
