#include "reports/report.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/selection.h"

namespace evalzip {
namespace {

using OneRunWriter = void (*)(const Run& run, const ReportOptions& options, std::ostream& out);

template <OneRunWriter Write>
void write_each(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  const std::vector<Run> hosts = runs_by_host(runs, options.filters);
  for (const Run& run : hosts) {
    if (&run != &hosts.front()) out << '\n';
    Write(run, options, out);
  }
}

template <OneRunWriter Write>
void write_only(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  const std::vector<Run> hosts = runs_by_host(runs, options.filters);
  if (hosts.size() != 1) {
    throw ReportError(
        fmt::format("this format shows the runs of one host, and there are {} hosts: report each "
                    "by itself",
                    hosts.size()));
  }
  Write(hosts.front(), options, out);
}

constexpr ReportFormat kFormats[] = {
    {"table", "txt", "aligned text for a terminal", write_each<write_table>},
    {"markdown", "md", "a pivot table for a README or a pull request", write_markdown},
    {"csv", "csv", "one line for each row, every column there is", write_csv},
    {"latex", "tex", "a document with the table and the Pareto figures", write_latex},
    {"latex-table", "tex", "its table, to \\input", write_latex_table},
    {"latex-figure", "tex", "its figures, to \\input", write_latex_figure},
    {"svg", "svg", "a chart: see --chart", write_svg},
    {"html", "html", "one page to explore, without network", write_html},
    {"artifact", "tar", "a bundle of all of them with the runs, to be verified and repeated",
     write_artifact},
    {"json", "json", "the run itself with every sample (docs/record_format.md)",
     write_only<write_json>},
    {"gbench", "json", "Google Benchmark JSON, for its compare.py", write_only<write_gbench>},
    {"benchmark-sizes", "json", "github-action-benchmark, customSmallerIsBetter: what is exact",
     write_only<write_benchmark_sizes>},
    {"benchmark-times", "json", "github-action-benchmark, customSmallerIsBetter: times",
     write_only<write_benchmark_times>},
    {"bmf", "json", "Bencher Metric Format, with intervals", write_only<write_bmf>},
    {"openmetrics", "txt", "GitLab's metrics report, Prometheus", write_only<write_openmetrics>},
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
