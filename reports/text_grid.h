// Lines of labels and numbers, aligned at the decimal point, with a header of two lines.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace evalzip {

enum class Style { plain, bold, dim, bad, warning };

// `text` in ANSI escapes if `colour`.
std::string styled(const std::string& text, Style style, bool colour);

struct GridCell {
  std::string number;      // "51.4"; empty: nothing to say
  std::string plus_minus;  // "±1.2%"; may be empty
  Style style = Style::plain;
};

struct GridColumn {
  std::string title, unit;  // the two lines of the header; an empty unit puts the title below
};

// One line: a label and cells, or a label and a note in their place, or a heading.
struct GridLine {
  std::string label;
  std::vector<GridCell> cells;  // empty, or one for each column
  std::string note;             // wrapped to the right of the labels
  Style style = Style::plain;   // of a heading, and of the note
  bool header_below = false;    // a heading: the column titles follow it
};

struct Grid {
  std::string label_title;
  std::vector<GridColumn> columns;
  std::vector<GridLine> lines;
  std::size_t line_width = 100;  // to which notes are wrapped

  // Terminal cells of the widest line with cells, and of the header.
  std::size_t width() const;
  void write(std::ostream& out, bool colour) const;
};

// Greedy line breaks at spaces so that no line is wider than `width`, later lines indented by
// `indent`; a word longer than a line stands alone.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace evalzip
