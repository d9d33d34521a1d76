#include "reports/label_layout.h"

#include <algorithm>
#include <cmath>

#include "reports/printable.h"

namespace evalzip {
namespace {

constexpr double kRadius = 5;  // of a point with its outline

struct Direction {
  double x, y;
};

// Right and left first: they read best beside a point.
constexpr Direction kDirections[] = {{1, 0}, {-1, 0}, {1, -1}, {-1, -1},
                                     {1, 1}, {-1, 1}, {0, -1}, {0, 1}};
constexpr double kDistances[] = {8, 14, 22, 32, 44, 58};

Box name_box(const NamedPoint& point, const Direction& direction, double distance) {
  const double x = point.x + direction.x * distance;
  const double y = point.y + direction.y * distance;
  const double left = direction.x > 0 ? x : direction.x < 0 ? x - point.width : x - point.width / 2;
  const double middle = direction.x == 0 ? y + direction.y * kNameHeight / 2 : y;
  return {left, middle - kNameHeight / 2, left + point.width, middle + kNameHeight / 2};
}

double distance_between(const NamedPoint& point, const Box& box) {
  return std::hypot(point.x - std::clamp(point.x, box.left, box.right),
                    point.y - std::clamp(point.y, box.top, box.bottom));
}

// Nearer to its own point than to any other: nobody takes it for another's name.
bool belongs(const Box& box, const NamedPoint& own, const std::vector<NamedPoint>& points) {
  const double distance = distance_between(own, box);
  return std::ranges::none_of(points, [&](const NamedPoint& other) {
    const bool same = other.x == own.x && other.y == own.y;
    return !same && distance_between(other, box) <= distance;
  });
}

bool inside(const Box& box, const Box& frame) {
  return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top &&
         box.bottom <= frame.bottom;
}

}  // namespace

std::vector<std::optional<NamePlace>> place_names(const std::vector<NamedPoint>& points,
                                                  const Box& frame, std::vector<Box> taken) {
  for (const NamedPoint& point : points) {
    taken.push_back({point.x - kRadius, point.y - kRadius, point.x + kRadius, point.y + kRadius});
  }
  const auto place = [&](const NamedPoint& point) -> std::optional<NamePlace> {
    std::optional<NamePlace> second_best;
    for (const double distance : kDistances) {
      for (const Direction& direction : kDirections) {
        const Box box = name_box(point, direction, distance);
        const auto covers = [&](const Box& other) { return box.overlaps(other); };
        if (!inside(box, frame) || std::ranges::any_of(taken, covers)) continue;
        if (belongs(box, point, points)) return NamePlace{.box = box};
        if (second_best || distance == kDistances[0])
          continue;  // a line must be long enough to see
        second_best = NamePlace{.box = box,
                                .needs_line = true,
                                .line_x = std::clamp(point.x, box.left, box.right),
                                .line_y = std::clamp(point.y, box.top, box.bottom)};
      }
    }
    return second_best;
  };
  std::vector<std::optional<NamePlace>> places;
  for (const NamedPoint& point : points) {
    places.push_back(place(point));
    if (places.back()) taken.push_back(places.back()->box);
  }
  return places;
}

Box line_box(double from_x, double from_y, double to_x, double to_y) {
  constexpr double kMargin = 1;
  return {std::min(from_x, to_x) - kMargin, std::min(from_y, to_y) - kMargin,
          std::max(from_x, to_x) + kMargin, std::max(from_y, to_y) + kMargin};
}

double text_width(std::string_view text, double font_size) {
  constexpr double kEmPerCell = 0.6;
  return kEmPerCell * font_size * static_cast<double>(display_width(text));
}

}  // namespace evalzip
