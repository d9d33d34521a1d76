#include "reports/pareto.h"

#include <algorithm>

#include "reports/columns.h"

namespace evalzip {
namespace {

double fastest_end(const ParetoPoint& point) {
  return point.interval ? std::max(point.interval->high, point.speed) : point.speed;
}

double slowest_end(const ParetoPoint& point) {
  return point.interval ? std::min(point.interval->low, point.speed) : point.speed;
}

// Points in order of falling ratio, of equal ratios the fastest first. A point is compared with the
// fastest of those before it.
void judge(std::vector<ParetoPoint>& points) {
  const ParetoPoint* fastest = nullptr;
  for (ParetoPoint& point : points) {
    if (point.row->estimate) continue;
    if (fastest == nullptr || point.speed > fastest->speed) {
      point.standing = Standing::front;
      fastest = &point;
    } else if (fastest_end(point) >= slowest_end(*fastest)) {
      point.standing = Standing::tied;
    }
  }
}

}  // namespace

std::string_view to_string(Direction direction) {
  return direction == Direction::encode ? "encode" : "decode";
}

std::vector<ParetoPoint> pareto_points(const PivotSet& set, const CodecLabels& labels,
                                       Direction direction) {
  const Column& speed = find_column(to_string(direction));
  const Column& ratio = find_column("ratio");
  std::size_t most = 0;
  for (const Row& row : set.rows) most = std::max(most, row.ok.size());
  std::vector<ParetoPoint> points;
  for (const Row& row : set.rows) {
    if (row.ok.size() < most) continue;
    if (!row.figures || row.figures->encoded_bytes >= row.figures->original_bytes) continue;
    const double x = speed.value(*row.figures).value_or(0);
    const double y = ratio.value(*row.figures).value_or(0);
    if (!(x > 0) || !(y > 0)) continue;
    points.push_back(
        {&row, labels.of(row), y, x, speed.interval(*row.figures), Standing::dominated});
  }
  std::ranges::stable_sort(points, [](const ParetoPoint& a, const ParetoPoint& b) {
    return a.ratio != b.ratio ? a.ratio > b.ratio : a.speed > b.speed;
  });
  judge(points);
  return points;
}

std::string_view codec_family(std::string_view codec) { return codec.substr(0, codec.find(':')); }

}  // namespace evalzip
