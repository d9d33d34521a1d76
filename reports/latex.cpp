// LaTeX: the pivot table with booktabs and siunitx, the Pareto fronts with pgfplots, each to \input
// or all in one document that pdflatex builds as it is.
#include <algorithm>
#include <cmath>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/escape.h"
#include "reports/latex_figure.h"
#include "reports/pivot.h"
#include "reports/report.h"
#include "reports/selection.h"
#include "reports/table_notes.h"

namespace evalzip {
namespace {

constexpr std::string_view kTablePackages =
    "\\usepackage{booktabs,siunitx,etoolbox}\n"
    "\\robustify\\bfseries\n"
    "\\sisetup{detect-weight=true,mode=text,group-digits=integer}\n";

// The digits of the longest number before and after the decimal point: what siunitx reserves.
struct Digits {
  std::size_t whole = 1, fraction = 0;
  void add(std::string_view number) {
    const std::size_t point = number.find('.');
    whole = std::max(whole, number.substr(0, point).size());
    if (point != number.npos) fraction = std::max(fraction, number.size() - point - 1);
  }
};

// siunitx groups digits itself, and × would be none.
std::string plain_number(const Pivot& pivot, const PivotColumn& column, const PivotCell& cell) {
  if (!pivot.baseline.empty()) return fmt::format("{:.3f}", *cell.value);
  std::string text = format_value(*column.column, *cell.value);
  std::erase(text, ',');
  return text;
}

// A column of numbers aligned at the decimal point, and one of the half-widths if it has any.
class LatexColumn {
 public:
  LatexColumn(const Pivot& pivot, std::size_t index)
      : pivot_(pivot), column_(pivot.columns[index]), index_(index) {
    for (const PivotRow& row : pivot.rows) {
      const PivotCell& cell = row.cells[index];
      if (!cell.value) continue;
      digits_.add(plain_number(pivot, column_, cell));
      has_percent_ = has_percent_ || !cell_percent(cell).empty();
      has_star_ = has_star_ || cell.partial;
    }
  }

  std::size_t span() const { return has_percent_ ? 2 : 1; }

  std::string specification() const {
    const std::string number =
        fmt::format("S[table-format={}.{}]", digits_.whole, digits_.fraction);
    if (!has_percent_) return number;
    return number + (has_star_ ? "@{\\hspace{0.7em}}r" : "@{\\,}r");  // stars stand in the gap
  }

  std::string title() const {
    std::string text(column_.column->title);
    if (!column_.host.empty()) text += fmt::format(" ({})", column_.host);
    return wide(latex_text(text));
  }

  std::string unit() const { return wide(latex_text(column_.column->unit)); }

  std::string cell(const PivotRow& row) const {
    const PivotCell& cell = row.cells[index_];
    if (!cell.value) {
      return wide(cell.failure.empty() ? ""
                                       : fmt::format("\\textit{{{}}}", latex_text(cell.failure)));
    }
    std::string text = plain_number(pivot_, column_, cell);
    if (cell.best) text = fmt::format("\\bfseries {}", text);
    if (cell.partial) text += "{\\rlap{\\textsuperscript{*}}}";  // beside what is aligned
    if (!has_percent_) return text;
    const std::string percent = cell_percent(cell);
    if (percent.empty()) return text + " &";
    return fmt::format("{} & {{\\footnotesize$\\pm${}\\,\\%}}", text, percent);
  }

 private:
  // Text in the place of a number: braces keep siunitx from reading it.
  std::string wide(const std::string& text) const {
    if (has_percent_) return fmt::format("\\multicolumn{{2}}{{c}}{{{}}}", text);
    return fmt::format("{{{}}}", text);
  }

  const Pivot& pivot_;
  const PivotColumn& column_;
  std::size_t index_;
  Digits digits_;
  bool has_percent_ = false, has_star_ = false;
};

class LatexTable {
 public:
  explicit LatexTable(const Pivot& pivot) : pivot_(pivot) {
    for (std::size_t i = 0; i < pivot.columns.size(); ++i) columns_.emplace_back(pivot, i);
  }

  void write(std::ostream& out) const {
    out << "\\begin{tabular}{" << std::string(pivot_.label_titles.size(), 'l');
    for (const LatexColumn& column : columns_) out << column.specification();
    out << "}\n\\toprule\n";
    write_groups(out);
    write_titles(out);
    out << "\\midrule\n";
    for (const PivotRow& row : pivot_.rows) write_row(row, out);
    out << "\\bottomrule\n\\end{tabular}\n";
  }

 private:
  void write_groups(std::ostream& out) const {
    if (columns_.empty() || pivot_.columns.front().group.empty()) return;
    std::string rules;
    std::size_t place = pivot_.label_titles.size();
    out << std::string(place - 1, '&');
    for (std::size_t from = 0, to = 0; from < columns_.size(); from = to) {
      const std::string& group = pivot_.columns[from].group;
      std::size_t span = 0;
      for (; to < columns_.size() && pivot_.columns[to].group == group; ++to) {
        span += columns_[to].span();
      }
      out << fmt::format(" & \\multicolumn{{{}}}{{c}}{{{}}}", span, latex_text(group));
      rules += fmt::format("\\cmidrule(lr){{{}-{}}}", place + 1, place + span);
      place += span;
    }
    out << " \\\\\n" << rules << '\n';
  }

  void write_titles(std::ostream& out) const {
    out << std::string(pivot_.label_titles.size() - 1, '&');
    for (const LatexColumn& column : columns_) out << " & " << column.title();
    out << " \\\\\n" << fmt::format("{}", fmt::join(pivot_.label_titles, " & "));
    for (const LatexColumn& column : columns_) out << " & " << column.unit();
    out << " \\\\\n";
  }

  void write_row(const PivotRow& row, std::ostream& out) const {
    for (std::size_t i = 0; i < row.labels.size(); ++i) {
      out << (i > 0 ? " & " : "") << "{" << latex_text(row.labels[i]) << "}";
    }
    for (const LatexColumn& column : columns_) out << " & " << column.cell(row);
    out << " \\\\\n";
  }

  const Pivot& pivot_;
  std::vector<LatexColumn> columns_;
};

void write_comments(const std::vector<std::string>& lines, std::ostream& out) {
  for (const std::string& line : lines) out << "% " << latex_text(line) << '\n';
}

std::vector<std::string> sentences(const std::vector<Run>& hosts, const Pivot& pivot) {
  std::vector<std::string> lines;
  for (const Run& run : hosts) lines.push_back(table_heading(run));
  lines.insert(lines.end(), pivot.hosts.begin(), pivot.hosts.end());
  lines.insert(lines.end(), pivot.notes.begin(), pivot.notes.end());
  return lines;
}

// Each table and figure is a page of its own size.
void begin_document(std::ostream& out) {
  out << "\\documentclass[multi=evalzippage,border=6pt]{standalone}\n"
         "\\usepackage[T1]{fontenc}\n\\usepackage[utf8]{inputenc}\n\\usepackage{lmodern,textcomp}\n"
      << kTablePackages << kFigurePackages
      << "\\newenvironment{evalzippage}{}{}\n\\begin{document}\n";
}

}  // namespace

void write_latex_table(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  const std::vector<Run> hosts = runs_by_host(runs, options.filters);
  const Pivot pivot = pivot_of(hosts, options);
  out << "% \\input this file; the preamble needs:\n%   \\usepackage[T1]{fontenc}\n"
         "%   \\usepackage{lmodern,textcomp,booktabs,siunitx,etoolbox} \\robustify\\bfseries\n"
         "%   \\sisetup{detect-weight=true,mode=text,group-digits=integer}\n";
  write_comments(sentences(hosts, pivot), out);
  LatexTable(pivot).write(out);
}

void write_latex_figure(std::span<const Run> runs, const ReportOptions& options,
                        std::ostream& out) {
  const std::vector<Run> hosts = runs_by_host(runs, options.filters);
  out << "% \\input this file; the preamble needs:\n%   \\usepackage{pgfplots,textcomp} "
         "\\pgfplotsset{compat=1.18}\n";
  for (const std::string& figure : latex_figures(hosts, pivot_sets(hosts, false, ""))) {
    out << figure;
  }
}

void write_latex(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  const std::vector<Run> hosts = runs_by_host(runs, options.filters);
  const std::list<PivotSet> totals = pivot_sets(hosts, false, options.baseline);
  const Pivot pivot =
      rows_are_documents(options) ? pivot_of(hosts, options) : pivot_of(hosts, options, totals);
  begin_document(out);
  out << "\\begin{evalzippage}\n\\begin{tabular}{@{}l@{}}\n";
  LatexTable(pivot).write(out);
  out << "\\\\\n\\noalign{\\vskip 2ex}\n\\parbox{16cm}{\\footnotesize\\raggedright\n";
  for (const std::string& line : sentences(hosts, pivot)) out << latex_text(line) << "\\par\n";
  out << "}\n\\end{tabular}\n\\end{evalzippage}\n";
  for (const std::string& figure : latex_figures(hosts, totals)) {
    out << "\\begin{evalzippage}\n" << figure << "\\end{evalzippage}\n";
  }
  out << "\\end{document}\n";
}

}  // namespace evalzip
