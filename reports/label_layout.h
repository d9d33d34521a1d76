// Where the names of points go, so that none covers another name or a point.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace evalzip {

struct Box {
  double left, top, right, bottom;
  bool overlaps(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

// A point with a name, in the order of importance: earlier ones choose their places first.
struct NamedPoint {
  double x, y;
  double width;  // of the name
};

// Of a straight line, upright or level, with a margin.
Box line_box(double from_x, double from_y, double to_x, double to_y);

struct NamePlace {
  Box box;
  // Another point is as near, so a line must lead from the point to (line_x, line_y) on the box.
  bool needs_line = false;
  double line_x = 0, line_y = 0;
};

// For each point the place of its name inside `frame`, or none where every place is taken: a
// missing name is better than two unreadable ones. Places nearest to the point are tried first,
// those that another point is as near to last. `taken` are boxes that must stay free besides; every
// point is one.
std::vector<std::optional<NamePlace>> place_names(const std::vector<NamedPoint>& points,
                                                  const Box& frame, std::vector<Box> taken);

// Of a sans-serif text, on the wide side: fonts differ.
double text_width(std::string_view text, double font_size);

inline constexpr double kNameSize = 11;    // font size of names
inline constexpr double kNameHeight = 13;  // of their boxes

}  // namespace evalzip
