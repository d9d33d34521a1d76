// The table for a terminal: corpora in the order of the run, a row for each codec setting.
#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/best.h"
#include "reports/printable.h"
#include "reports/report.h"
#include "reports/table_notes.h"
#include "reports/text_grid.h"

namespace evalzip {
namespace {

// What a reader sees who asks for nothing, if any row has it.
constexpr std::string_view kDefaultColumns[] = {
    "encoded_bytes", "ratio",  "bits_per_byte", "above_best",  "above_entropy", "coder_loss",
    "encode",        "decode", "encode_peak",   "decode_peak", "model_bytes"};

// In which order columns go when the terminal is narrow. Ratio and speeds stay.
constexpr std::string_view kDropOrder[] = {"above_best",    "coder_loss",    "decode_peak",
                                           "encode_peak",   "bits_per_byte", "above_entropy",
                                           "encoded_bytes", "model_bytes"};

constexpr std::size_t kMostNamesInReason = 12;
// Characters of the reason why documents are missing.
constexpr std::size_t kMostWhy = 160;

using Columns = std::vector<const Column*>;

std::string plus_minus(const Column& column, const Figures& figures, double value) {
  if (column.interval == nullptr) return {};
  const auto interval = column.interval(figures);
  if (!interval || !(value > 0)) return {};
  return fmt::format("±{:.1f}%", 100 * (interval->high - interval->low) / 2 / value);
}

// Estimates come last, whatever the order asked for: they do not compare with the others.
void sort_rows(std::vector<Row>& rows, const std::string& by) {
  if (by == "codec") {
    std::ranges::stable_sort(rows, {}, &Row::codec);
  } else if (!by.empty()) {
    const Column& column = find_column(by);
    const auto value = [&](const Row& row) {
      return row.figures ? column.value(*row.figures) : std::nullopt;
    };
    std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
      const auto x = value(a), y = value(b);
      if (!x || !y) return x.has_value() && !y.has_value();
      return column.better == Better::higher ? *x > *y : *x < *y;
    });
  }
  std::stable_partition(rows.begin(), rows.end(), [](const Row& row) { return !row.estimate; });
}

// A document as the table sees it: what all codecs made of it.
struct DocumentSection {
  std::string name;
  std::vector<const Record*> records;

  // No codec could have it: said once, not once for each codec.
  bool missing() const {
    return std::ranges::all_of(
        records, [](const Record* record) { return record->outcome == Outcome::missing; });
  }
  std::uint64_t bytes() const {
    std::uint64_t most = 0;  // a failed record may not know its size
    for (const Record* record : records) {
      most = std::max(most, record->sampled_from_bytes.value_or(record->original_bytes));
    }
    return most;
  }
};

// What the data allow a code that knows nothing of, or two, bytes before: "order-0 entropy 4.532
// bits/byte, order-2 2.795, CTW 2.281, best known 2.097". Of all documents together, and nothing
// where one is too short to tell or only a sample of it was read.
std::string entropy_text(const std::vector<DocumentSection>& documents, const BestKnown& known) {
  double bytes = 0;
  std::optional<double> order_0 = 0.0, order_2 = 0.0, ctw = 0.0, best = 0.0;
  const auto add = [](std::optional<double>& sum, const std::optional<double>& bits) {
    sum = sum && bits ? std::optional(*sum + *bits) : std::nullopt;
  };
  for (const DocumentSection& document : documents) {
    if (document.missing()) continue;
    const auto whole = std::ranges::find_if(document.records, [](const Record* record) {
      return record->order_0_bits && !record->sampled_from_bytes;
    });
    if (whole == document.records.end()) return "";
    bytes += static_cast<double>((*whole)->original_bytes);
    add(order_0, (*whole)->order_0_bits);
    add(order_2, (*whole)->order_2_bits);
    add(ctw, (*whole)->ctw_bits);
    add(best, known.bits(**whole));
  }
  if (!order_0 || bytes == 0) return "";
  std::string text = fmt::format("order-0 entropy {:.3f} bits/byte", *order_0 / bytes);
  if (order_2) text += fmt::format(", order-2 {:.3f}", *order_2 / bytes);
  if (ctw) text += fmt::format(", CTW {:.3f}", *ctw / bytes);
  if (best) text += fmt::format(", best known {:.3f}", *best / bytes);
  return text;
}

// In the order of their first records.
std::vector<DocumentSection> document_sections(const std::vector<const Record*>& records) {
  std::map<std::string, std::size_t> places;
  std::vector<DocumentSection> sections;
  for (const Record* record : records) {
    const auto [place, is_new] = places.emplace(record->document, sections.size());
    if (is_new) sections.push_back({record->document, {}});
    sections[place->second].records.push_back(record);
  }
  return sections;
}

struct CorpusSection {
  std::string name;
  std::vector<const Record*> records;
  std::vector<Row> totals;
};

std::vector<CorpusSection> corpus_sections(const Run& run) {
  std::map<std::string, std::size_t> places;
  std::vector<CorpusSection> sections;
  for (const Record& record : run.records) {
    const auto [place, is_new] = places.emplace(record.corpus, sections.size());
    if (is_new) sections.push_back({record.corpus, {}, {}});
    sections[place->second].records.push_back(&record);
  }
  for (Row& row : rows_of_totals(run)) {
    sections[places.at(row.corpus)].totals.push_back(std::move(row));
  }
  return sections;
}

class CorpusTable {
 public:
  CorpusTable(CorpusSection corpus, const BestKnown& known, const ReportOptions& options)
      : options_(options),
        known_(known),
        name_(std::move(corpus.name)),
        totals_(std::move(corpus.totals)),
        documents_(document_sections(corpus.records)) {
    sort_rows(totals_, options.sort);
    for (const DocumentSection& document : documents_) {
      if (document.missing()) missing_.insert(document.name);
      if (options.per_file && documents_.size() > 1) document_rows_.push_back(rows_of(document));
    }
    for (const Row& row : totals_) {
      show_files_ = show_files_ || (row.figures && row.ok.size() < row.documents);
      show_block_ = show_block_ || row.block_bytes != totals_.front().block_bytes;
      show_threads_ = show_threads_ || row.threads != totals_.front().threads;
    }
    show_versions_ = several_versions();
  }

  Columns default_columns() const {
    Columns columns;
    for (const std::string_view name : kDefaultColumns) {
      const Column& column = find_column(name);
      const auto has = [&](const Row& row) { return row.figures && column.value(*row.figures); };
      const bool of_document = std::ranges::any_of(
          document_rows_, [&](const auto& rows) { return std::ranges::any_of(rows, has); });
      if (of_document || std::ranges::any_of(totals_, has)) columns.push_back(&column);
    }
    return columns;
  }

  Grid grid(const Columns& columns) const {
    Grid grid;
    grid.label_title = "codec";
    grid.line_width = options_.width;
    for (const Column* column : columns) {
      grid.columns.push_back({std::string(column->title), std::string(column->unit)});
    }
    if (show_files_) grid.columns.push_back({"files", ""});
    add_heading(grid, heading(), entropy_text(documents_, known_), true);
    for (std::size_t i = 0; i < document_rows_.size(); ++i) {
      if (documents_[i].missing()) continue;
      add_heading(grid, document_heading(documents_[i], name_width() * 2),
                  entropy_text({documents_[i]}, known_), false);
      add_rows(grid, columns, document_rows_[i]);
      grid.lines.push_back({});
    }
    if (!document_rows_.empty()) grid.lines.push_back({"total", {}, "", Style::bold, false});
    add_rows(grid, columns, totals_);
    add_missing(grid);
    return grid;
  }

 private:
  std::vector<Row> rows_of(const DocumentSection& document) const {
    std::vector<Row> rows;
    for (const Record* record : document.records) rows.push_back(row_of_document(*record, known_));
    sort_rows(rows, options_.sort);
    return rows;
  }

  bool several_versions() const {
    std::map<std::string, std::set<std::string>> versions;
    for (const Row& row : totals_) versions[row.codec].insert(row.version);
    return std::ranges::any_of(versions, [](const auto& entry) { return entry.second.size() > 1; });
  }

  // Terminal cells that a name may take.
  std::size_t name_width() const { return std::max<std::size_t>(16, options_.width / 3); }

  std::string label(const Row& row) const {
    std::string text = (row.estimate ? "~" : "") + printable(row.codec);
    if (show_versions_) text += " v" + printable(row.version);
    if (show_block_) {
      text += row.block_bytes ? fmt::format(" block={}", *row.block_bytes) : " block=whole";
    }
    if (show_threads_) text += fmt::format(" threads={}", row.threads);
    return shortened(text, name_width());
  }

  // In two lines where one is too short for both.
  void add_heading(Grid& grid, std::string text, const std::string& entropy,
                   bool header_below) const {
    constexpr std::string_view kBetween = ", ";
    const bool fits = display_width(text) + kBetween.size() + entropy.size() <= options_.width;
    if (!entropy.empty() && fits) text += std::string(kBetween) + entropy;
    const bool two = !entropy.empty() && !fits;
    grid.lines.push_back({std::move(text), {}, "", Style::bold, header_below && !two});
    if (two) grid.lines.push_back({"  " + entropy, {}, "", Style::bold, header_below});
  }

  static std::string document_heading(const DocumentSection& document, std::size_t width) {
    return fmt::format("{}, {} bytes", shortened(printable(document.name), width),
                       format_grouped(document.bytes()));
  }

  std::string heading() const {
    const std::string name = shortened(printable(name_), name_width());
    if (documents_.size() == 1 && missing_.empty()) {
      const DocumentSection& only = documents_.front();
      return (only.name == name_ ? "" : name + ": ") + document_heading(only, name_width());
    }
    std::uint64_t bytes = 0;
    for (const DocumentSection& document : documents_) {
      if (!document.missing()) bytes += document.bytes();
    }
    const std::size_t files = documents_.size() - missing_.size();
    const std::string of_all = missing_.empty() ? "" : fmt::format(" of {}", documents_.size());
    return fmt::format("{}: {}{} {}, {} bytes", name, files, of_all,
                       documents_.size() == 1 ? "file" : "files", format_grouped(bytes));
  }

  void add_rows(Grid& grid, const Columns& columns, const std::vector<Row>& rows) const {
    const BestOfRows best(rows);
    bool in_estimates = false;
    for (const Row& row : rows) {
      if (row.estimate && !in_estimates) {
        grid.lines.push_back({"estimates from samples", {}, "", Style::warning, false});
        in_estimates = true;
      }
      add_row(grid, columns, row, best);
    }
  }

  void add_row(Grid& grid, const Columns& columns, const Row& row, const BestOfRows& best) const {
    std::string name = label(row);
    if (row.figures) {
      grid.lines.push_back({name, cells(row, columns, best), "", Style::plain, false});
      name.clear();
    }
    for (const std::string& reason : reasons(row)) {
      grid.lines.push_back({name, {}, reason, Style::bad, false});
      name.clear();
    }
  }

  std::vector<GridCell> cells(const Row& row, const Columns& columns,
                              const BestOfRows& best) const {
    std::vector<GridCell> cells;
    for (const Column* column : columns) {
      GridCell cell;
      if (const auto value = column->value(*row.figures)) {
        cell.number = format_value(*column, *value);
        cell.plus_minus = plus_minus(*column, *row.figures, *value);
        cell.style = best.holds(row, *column) ? Style::bold : Style::plain;
      }
      cells.push_back(std::move(cell));
    }
    if (show_files_) {
      const bool all = row.ok.size() == row.documents;
      const std::string text =
          row.documents == 1 ? "" : fmt::format("{}/{}", row.ok.size(), row.documents);
      cells.push_back({text, "", all ? Style::plain : Style::warning});
    }
    return cells;
  }

  // "crashed on sum, xargs.1: signal 11": one for each outcome and detail.
  std::vector<std::string> reasons(const Row& row) const {
    std::map<std::pair<Outcome, std::string>, std::vector<std::string>> groups;
    for (const Record* record : row.failed) {
      if (missing_.contains(record->document)) continue;
      groups[{record->outcome, record->detail}].push_back(printable(record->document));
    }
    std::vector<std::string> texts;
    for (const auto& [key, names] : groups) {
      std::string text(to_string(key.first));
      std::ranges::replace(text, '_', ' ');
      if (row.documents > 1) text += " on " + name_list(names, row.documents);
      if (!key.second.empty()) text += ": " + printable(key.second);
      texts.push_back(std::move(text));
    }
    return texts;
  }

  static std::string name_list(const std::vector<std::string>& names, std::size_t documents) {
    if (names.size() == documents) return fmt::format("all {} files", documents);
    if (names.size() <= kMostNamesInReason) return fmt::format("{}", fmt::join(names, ", "));
    return fmt::format("{} files (--per-file names them)", names.size());
  }

  static std::string first_words(const std::string& text) {
    const std::size_t end = text.find(' ', kMostWhy);
    return end == text.npos ? text : text.substr(0, end) + " ... (run.json has all of it)";
  }

  void add_missing(Grid& grid) const {
    std::vector<std::string> names;
    std::string why;  // of the first; those of the others are alike, with other addresses
    for (const DocumentSection& document : documents_) {
      if (!document.missing()) continue;
      if (names.empty()) why = first_words(printable(document.records.front()->detail));
      names.push_back(printable(document.name));
    }
    if (names.empty()) return;
    std::string text = fmt::format("{}", fmt::join(names, ", "));
    if (!why.empty()) text += ": " + why;
    grid.lines.push_back({"missing", {}, std::move(text), Style::bad, false});
  }

  const ReportOptions& options_;
  const BestKnown& known_;
  std::string name_;
  std::vector<Row> totals_;
  std::vector<DocumentSection> documents_;
  std::vector<std::vector<Row>> document_rows_;  // parallel to documents_; empty if not asked for
  std::set<std::string> missing_;                // of documents_
  bool show_files_ = false, show_block_ = false, show_threads_ = false, show_versions_ = false;
};

// Takes columns away until the table fits, and adds their titles to `left_out`.
void fit(Columns& columns, const CorpusTable& table, std::size_t width,
         std::vector<std::string>& left_out) {
  for (const std::string_view name : kDropOrder) {
    if (table.grid(columns).width() <= width) return;
    const auto dropped = std::ranges::find(columns, name, &Column::name);
    if (dropped == columns.end()) continue;
    const std::string title = full_title(**dropped);
    if (std::ranges::find(left_out, title) == left_out.end()) left_out.push_back(title);
    columns.erase(dropped);
  }
}

}  // namespace

void write_table(const Run& run, const ReportOptions& options, std::ostream& out) {
  if (!options.sort.empty() && options.sort != "codec") find_column(options.sort);
  Columns asked;
  for (const std::string& name : options.columns) asked.push_back(&find_column(name));
  std::vector<std::string> left_out;
  out << styled(wrapped(table_heading(run), options.width, 2), Style::dim, options.colour) << '\n';
  const BestKnown known(run);
  for (CorpusSection& corpus : corpus_sections(run)) {
    const CorpusTable table(std::move(corpus), known, options);
    Columns columns = asked;
    if (asked.empty()) {
      columns = table.default_columns();
      fit(columns, table, options.width, left_out);
    }
    out << '\n';
    table.grid(columns).write(out, options.colour);
  }
  out << '\n';
  write_table_notes(run, options, left_out, out);
}

}  // namespace evalzip
