// The charts there are, each a row; a chart is panels, drawn from the codecs of one corpus.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/label_layout.h"
#include "reports/pareto.h"
#include "reports/svg_canvas.h"

namespace evalzip {

// What a chart is drawn from.
struct ChartSource {
  const PivotSet& set;
  const CodecLabels& labels;
  std::string place;  // "canterbury", or "canterbury on A" where there are several hosts

  // Colour and shape of a codec: that of its family.
  std::size_t series(const Row& row) const;
};

struct Chart {
  std::string_view name;  // as the user types it
  std::string_view summary;
  // No panels where the set has nothing to show.
  std::vector<Panel> (*draw)(const ChartSource& source);
};

std::span<const Chart> all_charts();

// Throws ReportError that lists the known names.
const Chart& find_chart(std::string_view name);

// The drawings, one file each.
// A point's name in its place, if it has one, with the line that leads there if it needs it.
void draw_name(SvgCanvas& canvas, const NamedPoint& point, const std::optional<NamePlace>& place,
               std::string_view name);

std::vector<Panel> draw_pareto(const ChartSource& source);
std::vector<Panel> draw_speeds(const ChartSource& source);
std::vector<Panel> draw_transfer(const ChartSource& source);
std::vector<Panel> draw_entropy_gap(const ChartSource& source);
std::vector<Panel> draw_break_even(const ChartSource& source);

}  // namespace evalzip
