#include "reports/charts.h"

#include <algorithm>
#include <iterator>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/columns.h"
#include "reports/printable.h"
#include "reports/report.h"
#include "reports/selection.h"

namespace evalzip {
namespace {

constexpr Chart kCharts[] = {
    {"pareto", "ratio against speed, with the settings that nobody beats in both", draw_pareto},
    {"speed", "speeds with intervals and box plots", draw_speeds},
    {"transfer", "time to compress, send and decompress against bandwidth", draw_transfer},
    {"entropy", "bits per byte beside the codec's own model and entropies of the data",
     draw_entropy_gap},
    {"break-even", "size with model weights against the amount of data", draw_break_even},
};

}  // namespace

std::size_t ChartSource::series(const Row& row) const {
  std::vector<std::string_view> families;
  for (const Row& other : set.rows) {
    const std::string_view family = codec_family(other.codec);
    if (family == codec_family(row.codec)) break;
    if (std::ranges::find(families, family) == families.end()) families.push_back(family);
  }
  return families.size();
}

void draw_name(SvgCanvas& canvas, const NamedPoint& point, const std::optional<NamePlace>& place,
               std::string_view name) {
  if (!place) return;
  const Box& box = place->box;
  const bool left_of_point = box.right < point.x;
  if (place->needs_line) {
    canvas.line({point.x, point.y}, {place->line_x, place->line_y}, "thin");
  }
  canvas.text({left_of_point ? box.right : box.left, box.bottom - 3}, name, "name",
              left_of_point ? Anchor::end : Anchor::start);
}

std::span<const Chart> all_charts() { return kCharts; }

const Chart& find_chart(std::string_view name) {
  const auto found = std::ranges::find(kCharts, name, &Chart::name);
  if (found != std::end(kCharts)) return *found;
  std::vector<std::string_view> names;
  for (const Chart& chart : kCharts) names.push_back(chart.name);
  throw ReportError(
      fmt::format("there is no chart '{}' (known: {})", name, fmt::join(names, ", ")));
}

void write_svg(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  const Chart& chart = options.chart.empty() ? kCharts[0] : find_chart(options.chart);
  const std::vector<Run> hosts = runs_by_host(runs, options.filters);
  const std::list<PivotSet> sets = pivot_sets(hosts, false, "");
  const CodecLabels labels(sets);
  std::vector<Panel> panels;
  for (const PivotSet& set : sets) {
    std::string place = printable(set.corpus);
    if (hosts.size() > 1) {
      place = fmt::format("{} on {}", place, host_label(hosts[set.host].environment));
    }
    for (Panel& panel : chart.draw({set, labels, place})) panels.push_back(std::move(panel));
  }
  out << svg_document(panels, false);
}

}  // namespace evalzip
