#include "reports/latex_figure.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/escape.h"
#include "reports/label_layout.h"
#include "reports/pareto.h"
#include "reports/scale.h"
#include "reports/selection.h"

namespace evalzip {
namespace {

// The axes' box in TeX points: with fixed limits a place in it is known here, and so are the places
// of names.
constexpr double kWidth = 330, kHeight = 210;

constexpr std::string_view kMarks[] = {"*", "square*", "triangle*", "diamond*", "pentagon*"};

struct Limits {
  double least_speed, most_speed, least_ratio, most_ratio;
};

Limits limits_of(const std::vector<ParetoPoint>& points) {
  Limits limits{points.front().speed, 0, points.back().ratio, points.front().ratio};
  for (const ParetoPoint& point : points) {
    limits.least_speed = std::min(limits.least_speed, point.speed);
    limits.most_speed = std::max(limits.most_speed, point.speed);
  }
  const double margin =
      std::max(0.08 * (limits.most_ratio - limits.least_ratio), 0.02 * limits.most_ratio);
  limits.least_ratio -= margin;
  limits.most_ratio += margin;
  limits.least_speed /= 1.6;
  limits.most_speed *= 2.2;
  return limits;
}

// pgfplots marks a coordinate with the lengths to both ends of its interval.
std::string coordinate(const ParetoPoint& point) {
  const double minus = point.interval ? std::max(0.0, point.speed - point.interval->low) : 0;
  const double plus = point.interval ? std::max(0.0, point.interval->high - point.speed) : 0;
  return fmt::format("({:.6g},{:.6g}) += ({:.6g},0) -= ({:.6g},0)", point.speed, point.ratio, plus,
                     minus);
}

class ParetoFigure {
 public:
  ParetoFigure(std::vector<ParetoPoint> points, std::string title, Direction direction)
      : points_(std::move(points)),
        limits_(limits_of(points_)),
        title_(std::move(title)),
        direction_(direction) {}

  std::string text() const {
    return fmt::format(
        "\\begin{{tikzpicture}}\n\\begin{{axis}}[scale only axis,width={}pt,height={}pt,"
        "xmode=log,\n  xmin={:.6g},xmax={:.6g},ymin={:.6g},ymax={:.6g},\n{}"
        "  title={{{}}},xlabel={{{} speed in MB/s}},ylabel={{ratio}},\n"
        "  grid=major,grid style={{gray!25}},tick align=outside,clip=false,\n"
        "  every node near coord/.style={{}}]\n{}{}{}\\end{{axis}}\n\\end{{tikzpicture}}\n",
        kWidth, kHeight, limits_.least_speed, limits_.most_speed, limits_.least_ratio,
        limits_.most_ratio, speed_ticks(), latex_text(title_), to_string(direction_), staircase(),
        marks(), names());
  }

 private:
  Scale speed_scale() const {
    return Scale::logarithmic(limits_.least_speed, limits_.most_speed, 0, kWidth);
  }

  // Plain numbers: left to itself pgfplots would write 10^2.4.
  std::string speed_ticks() const {
    constexpr int kMostTicks = 8;
    std::vector<std::string> places, labels;
    for (const Tick& tick : speed_scale().ticks(kMostTicks)) {
      places.push_back(fmt::format("{:g}", tick.value));
      labels.push_back(tick.label.empty() ? "" : places.back());
    }
    return fmt::format("  xtick={{{}}},xticklabels={{{}}},minor x tick num=0,\n",
                       fmt::join(places, ","), fmt::join(labels, ","));
  }

  std::string staircase() const {
    std::string path;
    double height = 0;
    for (const ParetoPoint& point : points_) {
      if (point.standing != Standing::front) continue;
      if (path.empty()) path += fmt::format(" ({:.6g},{:.6g})", limits_.least_speed, point.ratio);
      path += fmt::format(" ({:.6g},{:.6g})", point.speed, point.ratio);
      height = point.speed;
    }
    if (path.empty()) return "";
    path += fmt::format(" ({:.6g},{:.6g})", height, limits_.least_ratio);
    return fmt::format("\\addplot[thick,black,const plot mark right] coordinates {{{}}};\n", path);
  }

  // One plot for each family and whether it is beaten: a shape and a filling.
  std::string marks() const {
    std::vector<std::string_view> families;
    std::string text;
    for (const ParetoPoint& point : points_) {
      const std::string_view family = codec_family(point.row->codec);
      auto found = std::ranges::find(families, family);
      if (found == families.end()) found = families.insert(families.end(), family);
      const auto kind = static_cast<std::size_t>(found - families.begin()) % std::size(kMarks);
      const bool beaten = point.standing == Standing::dominated;
      text += fmt::format(
          "\\addplot[only marks,mark={},mark size=2.2pt,mark options={{fill={}}},black,"
          "error bars/.cd,x dir=both,x explicit] coordinates {{{}}};\n",
          kMarks[kind], beaten ? "white" : "black", coordinate(point));
    }
    return text;
  }

  // The stairs and the intervals: what names must keep off.
  std::vector<Box> lines(const Scale& x, const Scale& y) const {
    std::vector<Box> boxes;
    double left = 0, above = -1;
    for (const ParetoPoint& point : points_) {
      const double at_x = x.place(point.speed), at_y = y.place(point.ratio);
      if (point.interval) {
        constexpr double kGap = 2;  // the ends of an interval are strokes
        boxes.push_back(line_box(x.place(point.interval->low) - kGap, at_y,
                                 x.place(point.interval->high) + kGap, at_y));
      }
      if (point.standing != Standing::front) continue;
      if (above >= 0) boxes.push_back(line_box(left, above, left, at_y));
      boxes.push_back(line_box(left, at_y, at_x, at_y));
      left = at_x;
      above = at_y;
    }
    if (above >= 0) boxes.push_back(line_box(left, above, left, kHeight));
    return boxes;
  }

  std::string names() const {
    const Scale x = speed_scale();
    const Scale y = Scale::linear(limits_.least_ratio, limits_.most_ratio, kHeight, 0);
    std::vector<const ParetoPoint*> order;
    for (const ParetoPoint& point : points_) order.push_back(&point);
    std::ranges::stable_sort(order, {}, &ParetoPoint::standing);
    std::vector<NamedPoint> named;
    for (const ParetoPoint* point : order) {
      named.push_back(
          {x.place(point->speed), y.place(point->ratio), text_width(point->name, kNameSize)});
    }
    const auto places = place_names(named, {2, 2, kWidth - 2, kHeight - 2}, lines(x, y));
    std::string text;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (!places[i]) continue;
      const Box& box = places[i]->box;
      const bool left_of_point = box.right < named[i].x;
      if (places[i]->needs_line) {
        text += fmt::format(
            "\\draw[thin] (axis cs:{0:.6g},{1:.6g}) -- "
            "([xshift={2:.1f}pt,yshift={3:.1f}pt]axis cs:{0:.6g},{1:.6g});\n",
            order[i]->speed, order[i]->ratio, places[i]->line_x - named[i].x,
            named[i].y - places[i]->line_y);
      }
      text += fmt::format(
          "\\node[anchor={},inner sep=0pt,font=\\footnotesize] at "
          "([xshift={:.1f}pt,yshift={:.1f}pt]axis cs:{:.6g},{:.6g}) {{{}}};\n",
          left_of_point ? "east" : "west", (left_of_point ? box.right : box.left) - named[i].x,
          named[i].y - (box.top + box.bottom) / 2, order[i]->speed, order[i]->ratio,
          latex_text(order[i]->name));
    }
    return text;
  }

  std::vector<ParetoPoint> points_;
  Limits limits_;
  std::string title_;
  Direction direction_;
};

}  // namespace

std::vector<std::string> latex_figures(const std::vector<Run>& hosts,
                                       const std::list<PivotSet>& totals) {
  const CodecLabels labels(totals);
  std::vector<std::string> figures;
  for (const PivotSet& set : totals) {
    std::string place = set.corpus;
    if (hosts.size() > 1) place += " on " + host_label(hosts[set.host].environment);
    for (const Direction direction : {Direction::encode, Direction::decode}) {
      std::vector<ParetoPoint> points = pareto_points(set, labels, direction);
      if (points.empty()) continue;
      figures.push_back(ParetoFigure(std::move(points), place, direction).text());
    }
  }
  return figures;
}

}  // namespace evalzip
