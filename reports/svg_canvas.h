// A panel of a figure as SVG elements, and panels as a document. Colours come from style classes,
// so that light, dark and print differ in the style sheet alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/scale.h"

namespace evalzip {

struct Point {
  double x, y;
};

enum class Anchor { start, middle, end };

// Elements in the order drawn. Texts are escaped here, and only here. Classes are those of
// svg_style(): ink, muted, grid, axis, front, thin, bar, and s0 to s6 for series.
class SvgCanvas {
 public:
  void line(Point from, Point to, std::string_view style);
  void path(const std::vector<Point>& points, std::string_view style);
  void rectangle(Point corner, double width, double height, std::string_view style);
  void text(Point at, std::string_view text, std::string_view style, Anchor anchor = Anchor::start);
  // One of seven shapes in one of seven colours, so that neither carries the meaning alone; `hover`
  // is shown by a pointer and read by a screen reader.
  void marker(Point at, std::size_t series, bool hollow, std::string_view hover);
  void horizontal_axis(const Scale& scale, double top, double bottom, std::string_view title);
  void vertical_axis(const Scale& scale, double left, double right, std::string_view title);

  const std::string& elements() const { return elements_; }

 private:
  std::string elements_;
};

inline constexpr std::size_t kSeries = 7;
inline constexpr double kPanelWidth = 660;

struct Panel {
  std::string title, description;  // the description says what the picture shows, in words
  double height = 0;
  std::string elements;
};

// One document with the panels below one another. Inline: without the style sheet, for a page that
// has it.
std::string svg_document(const std::vector<Panel>& panels, bool is_inline);

// The style sheet of the panels; light, and dark where the reader prefers that.
std::string svg_style();

}  // namespace evalzip
