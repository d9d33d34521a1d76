// Ratio against speed: points with intervals, the front as a staircase.
#include <algorithm>

#include <fmt/format.h>

#include "reports/charts.h"
#include "reports/columns.h"
#include "reports/label_layout.h"

namespace evalzip {
namespace {

constexpr double kLeft = 52, kRight = 640, kTop = 22, kBottom = 330;

struct Axes {
  Scale x, y;
};

Axes axes_of(const std::vector<ParetoPoint>& points) {
  double low = points.front().speed, high = low, most = 0;
  for (const ParetoPoint& point : points) {
    low = std::min({low, point.speed, point.interval ? point.interval->low : low});
    high = std::max({high, point.speed, point.interval ? point.interval->high : high});
    most = std::max(most, point.ratio);
  }
  if (!(low > 0)) low = high / 1e3;
  double least = most;
  for (const ParetoPoint& point : points) least = std::min(least, point.ratio);
  const double margin = std::max(0.08 * (most - least), 0.02 * most);
  return {Scale::logarithmic(low / 1.6, high * 2.2, kLeft, kRight),
          Scale::linear(std::max(0.0, least - margin), most + margin, kBottom, kTop)};
}

// Empty if no point is on the front.
std::vector<Point> stairs_of(const std::vector<ParetoPoint>& points, const Axes& axes) {
  std::vector<Point> stairs;
  for (const ParetoPoint& point : points) {  // falling ratio, rising speed
    if (point.standing != Standing::front) continue;
    const double x = axes.x.place(point.speed), y = axes.y.place(point.ratio);
    if (stairs.empty()) {
      stairs.push_back({kLeft, y});
    } else {
      stairs.push_back({stairs.back().x, y});
    }
    stairs.push_back({x, y});
  }
  if (!stairs.empty()) stairs.push_back({stairs.back().x, kBottom});
  return stairs;
}

std::string hover_text(const ParetoPoint& point, Direction direction) {
  std::string text =
      fmt::format("{}: ratio {:.3f}, {} {} MB/s", point.name, point.ratio, to_string(direction),
                  format_value(find_column("encode"), point.speed));
  if (point.interval) {
    text +=
        fmt::format(" (95% interval {:.4g} to {:.4g})", point.interval->low, point.interval->high);
  }
  return text;
}

void draw_points(SvgCanvas& canvas, const std::vector<ParetoPoint>& points, const Axes& axes,
                 const ChartSource& source, Direction direction) {
  for (const ParetoPoint& point : points) {
    const double y = axes.y.place(point.ratio);
    if (point.interval) {
      canvas.line({axes.x.place(point.interval->low), y}, {axes.x.place(point.interval->high), y},
                  "error");
    }
    canvas.marker({axes.x.place(point.speed), y}, source.series(*point.row),
                  point.standing == Standing::dominated, hover_text(point, direction));
  }
}

void draw_names(SvgCanvas& canvas, const std::vector<ParetoPoint>& points, const Axes& axes,
                const std::vector<Point>& stairs) {
  std::vector<const ParetoPoint*> order;
  for (const ParetoPoint& point : points) order.push_back(&point);
  std::ranges::stable_sort(order, {}, &ParetoPoint::standing);  // the front chooses first
  std::vector<NamedPoint> named;
  std::vector<Box> lines;
  for (std::size_t i = 1; i < stairs.size(); ++i) {
    lines.push_back(line_box(stairs[i - 1].x, stairs[i - 1].y, stairs[i].x, stairs[i].y));
  }
  for (const ParetoPoint* point : order) {
    const double y = axes.y.place(point->ratio);
    if (point->interval) {
      lines.push_back(
          line_box(axes.x.place(point->interval->low), y, axes.x.place(point->interval->high), y));
    }
    named.push_back({axes.x.place(point->speed), axes.y.place(point->ratio),
                     text_width(point->name, kNameSize)});
  }
  const auto places = place_names(named, {kLeft + 2, kTop, kRight, kBottom - 2}, lines);
  for (std::size_t i = 0; i < places.size(); ++i) {
    draw_name(canvas, named[i], places[i], order[i]->name);
  }
}

std::string describe(const std::vector<ParetoPoint>& points, Direction direction) {
  std::string text = "Settings that none beats in both ratio and speed:";
  for (const ParetoPoint& point : points) {
    if (point.standing == Standing::front)
      text += fmt::format(" {};", hover_text(point, direction));
  }
  return text + " hollow points are beaten.";
}

}  // namespace

std::vector<Panel> draw_pareto(const ChartSource& source) {
  std::vector<Panel> panels;
  for (const Direction direction : {Direction::encode, Direction::decode}) {
    const std::vector<ParetoPoint> points = pareto_points(source.set, source.labels, direction);
    if (points.empty()) continue;
    const Axes axes = axes_of(points);
    SvgCanvas canvas;
    canvas.horizontal_axis(axes.x, kTop, kBottom,
                           fmt::format("{} speed, MB/s, logarithmic", to_string(direction)));
    canvas.vertical_axis(axes.y, kLeft, kRight, "ratio: original / encoded bytes");
    const std::vector<Point> stairs = stairs_of(points, axes);
    if (!stairs.empty()) canvas.path(stairs, "front");
    draw_points(canvas, points, axes, source, direction);
    draw_names(canvas, points, axes, stairs);
    panels.push_back({fmt::format("{}: ratio against {} speed", source.place, to_string(direction)),
                      describe(points, direction), kBottom + 36, canvas.elements()});
  }
  return panels;
}

}  // namespace evalzip
