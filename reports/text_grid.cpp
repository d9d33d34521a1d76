#include "reports/text_grid.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/printable.h"

namespace evalzip {
namespace {

constexpr std::size_t kGap = 2;  // between columns

std::string whole_part(const std::string& number) { return number.substr(0, number.find('.')); }

std::string fraction(const std::string& number) {
  const std::size_t point = number.find('.');
  return point == number.npos ? "" : number.substr(point);
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string right(const std::string& text, std::size_t width) {
  return spaces(width - std::min(width, display_width(text))) + text;
}

std::string left(const std::string& text, std::size_t width) {
  return text + spaces(width - std::min(width, display_width(text)));
}

// Widths of one column's parts; `total` covers its header too.
struct Widths {
  std::size_t whole = 0, fraction = 0, plus_minus = 0, total = 0;
};

Widths widths_of(const Grid& grid, std::size_t column) {
  Widths widths;
  for (const GridLine& line : grid.lines) {
    if (line.cells.empty()) continue;
    const GridCell& cell = line.cells[column];
    widths.whole = std::max(widths.whole, display_width(whole_part(cell.number)));
    widths.fraction = std::max(widths.fraction, display_width(fraction(cell.number)));
    widths.plus_minus = std::max(widths.plus_minus, display_width(cell.plus_minus));
  }
  const std::size_t numbers =
      widths.whole + widths.fraction + (widths.plus_minus > 0 ? 1 + widths.plus_minus : 0);
  const GridColumn& header = grid.columns[column];
  widths.total = std::max({numbers, display_width(header.title), display_width(header.unit)});
  return widths;
}

std::vector<Widths> all_widths(const Grid& grid) {
  std::vector<Widths> all;
  for (std::size_t i = 0; i < grid.columns.size(); ++i) all.push_back(widths_of(grid, i));
  return all;
}

bool is_row(const GridLine& line) { return !line.cells.empty() || !line.note.empty(); }

std::size_t label_width(const Grid& grid) {
  std::size_t width = display_width(grid.label_title);
  for (const GridLine& line : grid.lines) {
    if (is_row(line)) width = std::max(width, display_width(line.label));
  }
  return width;
}

std::string cell_text(const GridCell& cell, const Widths& widths, bool colour) {
  std::string number = left(fraction(cell.number), widths.fraction);
  number = whole_part(cell.number) + number;
  const std::size_t plus_minus = widths.plus_minus > 0 ? 1 + widths.plus_minus : 0;
  const std::string before =
      spaces(widths.total - std::min(widths.total, display_width(number) + plus_minus));
  return before + styled(number, cell.style, colour) +
         styled(right(cell.plus_minus, plus_minus), Style::dim, colour);
}

// Where the header of a column ends: over the numbers, not over their ±.
std::string header_text(const std::string& text, const Widths& widths) {
  const std::size_t plus_minus = widths.plus_minus > 0 ? 1 + widths.plus_minus : 0;
  const std::size_t number_end = widths.total - std::min(widths.total, plus_minus);
  return left(right(text, std::max(number_end, display_width(text))), widths.total);
}

void trim_end(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

void write_header(const Grid& grid, const std::vector<Widths>& widths, std::ostream& out,
                  bool colour) {
  std::string above = spaces(label_width(grid));
  std::string below = left(grid.label_title, label_width(grid));
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const GridColumn& column = grid.columns[i];
    const bool one_line = column.unit.empty();
    above += spaces(kGap) + header_text(one_line ? "" : column.title, widths[i]);
    below += spaces(kGap) + header_text(one_line ? column.title : column.unit, widths[i]);
  }
  trim_end(above);
  trim_end(below);
  out << styled(above, Style::dim, colour) << '\n' << styled(below, Style::dim, colour) << '\n';
}

}  // namespace

std::string styled(const std::string& text, Style style, bool colour) {
  if (!colour || style == Style::plain || text.empty()) return text;
  constexpr const char* kCodes[] = {"0", "1", "2", "31", "33"};  // in the order of Style
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<int>(style)], text);
}

std::size_t Grid::width() const {
  std::size_t width = label_width(*this);
  for (const Widths& column : all_widths(*this)) width += kGap + column.total;
  return width;
}

void Grid::write(std::ostream& out, bool colour) const {
  const std::vector<Widths> widths = all_widths(*this);
  const std::size_t labels = label_width(*this);
  for (const GridLine& line : lines) {
    if (!is_row(line)) {
      out << styled(line.label, line.style, colour) << '\n';
      if (line.header_below) write_header(*this, widths, out, colour);
      continue;
    }
    std::string text = left(line.label, labels);
    if (!line.note.empty()) {
      const std::string all = wrapped(text + spaces(kGap) + line.note, line_width, labels + kGap);
      text = styled(all, line.style, colour);
    }
    for (std::size_t i = 0; i < line.cells.size(); ++i) {
      text += spaces(kGap) + cell_text(line.cells[i], widths[i], colour);
    }
    trim_end(text);
    out << text << '\n';
  }
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t column = 0;
  std::size_t at = 0;
  bool line_has_word = false;
  while (at < text.size()) {
    const std::size_t word_at = text.find_first_not_of(' ', at);
    if (word_at == text.npos) break;
    const std::size_t end = std::min(text.find(' ', word_at), text.size());
    const std::string before = text.substr(at, word_at - at);
    const std::string word = text.substr(word_at, end - word_at);
    const std::size_t needed = before.size() + display_width(word);
    if (line_has_word && column + needed > width) {
      result.append(1, '\n').append(indent, ' ').append(word);
      column = indent + display_width(word);
    } else {
      result += before + word;
      column += needed;
    }
    line_has_word = true;
    at = end;
  }
  return result;
}

}  // namespace evalzip
