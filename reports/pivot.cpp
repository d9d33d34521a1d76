#include "reports/pivot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/pivot_sets.h"
#include "reports/printable.h"
#include "reports/selection.h"
#include "reports/table_notes.h"

namespace evalzip {
namespace {

constexpr std::string_view kDimensions[] = {"codec", "corpus", "document"};

constexpr std::string_view kOneGroup[] = {"encoded_bytes", "ratio",         "mean_ratio",
                                          "bits_per_byte", "above_entropy", "encode",
                                          "decode",        "model_bytes",   "total_ratio"};
constexpr std::string_view kSomeGroups[] = {"ratio", "encode", "decode"};
constexpr std::string_view kManyGroups[] = {"ratio"};
constexpr std::size_t kMostGroupsWithSpeed = 3;

std::vector<std::string> row_dimensions(const ReportOptions& options) {
  for (const std::string& name : options.rows) {
    if (std::ranges::find(kDimensions, name) == std::end(kDimensions)) {
      throw ReportError(
          fmt::format("rows cannot be made of '{}' (known: codec, corpus, document)", name));
    }
  }
  return options.rows.empty() ? std::vector<std::string>{"codec"} : options.rows;
}

bool same_documents(const Row& a, const Row& b) {
  return std::ranges::equal(a.ok, b.ok, {}, &Record::document, &Record::document);
}

// Quotient of two independent quantities: squares of the relative half-widths add.
std::optional<Interval95> quotient_interval(const PivotCell& of, const PivotCell& by) {
  if (!of.interval || !by.interval) return std::nullopt;
  const double quotient = *of.value / *by.value;
  const double below = std::hypot((*of.value - of.interval->low) / *of.value,
                                  (by.interval->high - *by.value) / *by.value);
  const double above = std::hypot((of.interval->high - *of.value) / *of.value,
                                  (*by.value - by.interval->low) / *by.value);
  return Interval95{std::max(0.0, quotient * (1 - below)), quotient * (1 + above)};
}

PivotCell absolute_cell(const Row& row, const Column& column) {
  PivotCell cell;
  if (!row.figures) return cell;
  cell.value = column.value(*row.figures);
  if (cell.value && column.interval != nullptr) cell.interval = column.interval(*row.figures);
  return cell;
}

PivotCell relative_cell(const Row& row, const Row* baseline, const Column& column) {
  if (baseline == nullptr || row.estimate || !same_documents(row, *baseline)) return {};
  PivotCell cell = absolute_cell(row, column);
  const PivotCell by = absolute_cell(*baseline, column);
  if (!cell.value || !by.value || !(*by.value > 0)) return {};
  // Against itself the error is none, not that of two.
  cell.interval =
      &row == baseline || !(*cell.value > 0) ? std::nullopt : quotient_interval(cell, by);
  cell.value = *cell.value / *by.value;
  return cell;
}

std::string outcome_of(const Row& row) {
  std::string text(to_string(row.failed.front()->outcome));
  std::ranges::replace(text, '_', ' ');
  return text;
}

// One row of a set, placed: which row of the table it belongs to, and which group of columns.
struct Entry {
  std::string row_identity, group;
  std::vector<std::string> labels;
  const PivotSet* set = nullptr;
  const Row* row = nullptr;
};

class PivotBuilder {
 public:
  PivotBuilder(const std::vector<Run>& hosts, const ReportOptions& options,
               const std::list<PivotSet>& sets)
      : hosts_(hosts),
        options_(options),
        dimensions_(row_dimensions(options)),
        sets_(sets),
        labels_(sets) {}

  Pivot pivot() {
    pivot_.label_titles = dimensions_;
    pivot_.baseline = printable(options_.baseline);
    place_rows();
    make_columns();
    for (const Entry& entry : entries_) fill(entry);
    sort_rows();
    make_notes();
    return std::move(pivot_);
  }

 private:
  bool has(std::string_view dimension) const {
    return std::ranges::find(dimensions_, dimension) != dimensions_.end();
  }

  std::string dimension_label(const std::string& dimension, const PivotSet& set,
                              const Row& row) const {
    if (dimension == "codec") return labels_.of(row);
    return printable(dimension == "corpus" ? set.corpus : set.document);
  }

  std::string group_of(const PivotSet& set, const Row& row) const {
    std::vector<std::string> parts;
    if (!has("corpus")) parts.push_back(printable(set.corpus));
    if (!has("codec")) parts.push_back(labels_.of(row));
    return fmt::format("{}", fmt::join(parts, " · "));
  }

  void place_rows() {
    for (const PivotSet& set : sets_) {
      for (const Row& row : set.rows) {
        Entry entry{"", group_of(set, row), {}, &set, &row};
        for (const std::string& dimension : dimensions_) {
          entry.labels.push_back(dimension_label(dimension, set, row));
        }
        if (has("codec")) entry.row_identity = CodecLabels::identity(row);
        entry.row_identity +=
            fmt::format("\n{}\n{}", has("corpus") ? set.corpus : "", set.document);
        if (std::ranges::find(groups_, entry.group) == groups_.end()) {
          groups_.push_back(entry.group);
        }
        const auto [place, is_new] = rows_.emplace(entry.row_identity, pivot_.rows.size());
        if (is_new) pivot_.rows.push_back({entry.labels, row.estimate && has("codec"), {}});
        entries_.push_back(std::move(entry));
      }
    }
  }

  std::vector<const Column*> metrics() const {
    std::vector<const Column*> metrics;
    for (const std::string& name : options_.columns) metrics.push_back(&find_column(name));
    if (!metrics.empty()) return metrics;
    std::span<const std::string_view> names = kManyGroups;
    if (groups_.size() <= kMostGroupsWithSpeed) names = kSomeGroups;
    if (groups_.size() <= 1) names = kOneGroup;
    for (const std::string_view name : names) {
      const Column& column = find_column(name);
      const auto shows = [&](const Entry& entry) { return is_worth_showing(entry, column); };
      if (std::ranges::any_of(entries_, shows)) metrics.push_back(&column);
    }
    return metrics;
  }

  // A mean of one file is its ratio, and without weights the sums with weights say nothing.
  static bool is_worth_showing(const Entry& entry, const Column& column) {
    if (!entry.row->figures || !column.value(*entry.row->figures)) return false;
    if (column.name == "mean_ratio") return entry.row->ok.size() > 1;
    if (column.name == "total_ratio") return entry.row->figures->model_bytes.has_value();
    return true;
  }

  void make_columns() {
    const std::vector<const Column*> metrics = this->metrics();
    for (const std::string& group : groups_) {
      for (const Column* column : metrics) {
        // Sizes are the same everywhere; what machines differ in gets a column for each of them.
        const bool apart = hosts_.size() > 1 && is_of_machine(*column);
        for (std::size_t host = 0; host < (apart ? hosts_.size() : 1); ++host) {
          places_[{group, column, apart ? host : kAnyHost}] = pivot_.columns.size();
          pivot_.columns.push_back(
              {groups_.size() > 1 ? group : "", apart ? host_letter(host) : "", column});
        }
      }
    }
    for (PivotRow& row : pivot_.rows) row.cells.resize(pivot_.columns.size());
  }

  static std::string host_letter(std::size_t host) {
    constexpr std::size_t kLetters = 26;
    return host < kLetters ? std::string(1, static_cast<char>('A' + host)) : std::to_string(host);
  }

  void fill(const Entry& entry) {
    PivotRow& row = pivot_.rows[rows_.at(entry.row_identity)];
    bool first = true;
    for (auto place = places_.lower_bound({entry.group, nullptr, 0}); place != places_.end();
         ++place) {
      const auto& [group, column, host] = place->first;
      if (group != entry.group) break;
      if (host != kAnyHost && host != entry.set->host) continue;
      PivotCell& cell = row.cells[place->second];
      if (cell.value) continue;  // a size, already taken from another host
      cell = make_cell(entry, *column);
      if (!entry.row->figures && first) cell.failure = outcome_of(*entry.row);
      first = false;
    }
  }

  PivotCell make_cell(const Entry& entry, const Column& column) const {
    PivotCell cell = options_.baseline.empty()
                         ? absolute_cell(*entry.row, column)
                         : relative_cell(*entry.row, entry.set->baseline, column);
    if (!cell.value) return cell;
    cell.best = entry.set->best->holds(*entry.row, column);
    cell.partial = entry.row->ok.size() < entry.row->documents;
    return cell;
  }

  void sort_rows() {
    std::vector<PivotRow>& rows = pivot_.rows;
    if (options_.sort == "codec") {
      std::ranges::stable_sort(rows, {}, &PivotRow::labels);
    } else if (!options_.sort.empty()) {
      sort_rows_by(find_column(options_.sort));
    }
    std::stable_partition(rows.begin(), rows.end(),
                          [](const PivotRow& row) { return !row.estimate; });
  }

  // By the first column of that name.
  void sort_rows_by(const Column& column) {
    const auto shown = std::ranges::find(pivot_.columns, &column, &PivotColumn::column);
    if (shown == pivot_.columns.end()) {
      throw ReportError(fmt::format("to sort by {}, show it: add it to --columns", column.name));
    }
    const auto at = static_cast<std::size_t>(shown - pivot_.columns.begin());
    std::ranges::stable_sort(pivot_.rows, [&](const PivotRow& a, const PivotRow& b) {
      const auto &x = a.cells[at].value, &y = b.cells[at].value;
      if (!x || !y) return x.has_value() && !y.has_value();
      return column.better == Better::higher ? *x > *y : *x < *y;
    });
  }

  void make_notes() {
    const auto any_cell = [&](auto is) {
      return std::ranges::any_of(
          pivot_.rows, [&](const PivotRow& row) { return std::ranges::any_of(row.cells, is); });
    };
    for (std::size_t host = 0; host < hosts_.size(); ++host) {
      const std::string label = host_label(hosts_[host].environment);
      if (hosts_.size() > 1)
        pivot_.hosts.push_back(fmt::format("{}: {}", host_letter(host), label));
    }
    if (!pivot_.baseline.empty()) {
      pivot_.notes.push_back(fmt::format(
          "Every number is a multiple of that of {} on the same files and the same machine.",
          pivot_.baseline));
    }
    if (any_cell([](const PivotCell& cell) { return cell.partial; })) {
      pivot_.notes.push_back("* not of all files of the corpus: does not compare with the others.");
    }
    if (any_cell([](const PivotCell& cell) { return cell.best; })) {
      pivot_.notes.push_back(
          "Bold: the best, and all whose interval overlaps its own; among rows of the same files "
          "that compress at all.");
    }
    if (any_cell([](const PivotCell& cell) { return cell.interval.has_value(); })) {
      pivot_.notes.push_back(
          "The interval of a total adds the half-widths of its files in quadrature.");
    }
    add_run_notes();
  }

  void add_run_notes() {
    for (const Run& run : hosts_) {
      for (const Note& note : notes_of(run)) {
        if (note.text.starts_with("A total is of")) continue;  // * says it
        if (std::ranges::find(pivot_.notes, note.text) == pivot_.notes.end()) {
          pivot_.notes.push_back(note.text);
        }
      }
    }
  }

  static constexpr std::size_t kAnyHost = static_cast<std::size_t>(-1);

  const std::vector<Run>& hosts_;
  const ReportOptions& options_;
  std::vector<std::string> dimensions_;
  const std::list<PivotSet>& sets_;
  CodecLabels labels_;
  Pivot pivot_;
  std::vector<Entry> entries_;
  std::vector<std::string> groups_;
  std::map<std::string, std::size_t> rows_;
  std::map<std::tuple<std::string, const Column*, std::size_t>, std::size_t> places_;
};

}  // namespace

bool rows_are_documents(const ReportOptions& options) {
  const std::vector<std::string> dimensions = row_dimensions(options);
  return std::ranges::find(dimensions, "document") != dimensions.end();
}

Pivot pivot_of(const std::vector<Run>& hosts, const ReportOptions& options,
               const std::list<PivotSet>& sets) {
  if (!options.sort.empty() && options.sort != "codec") find_column(options.sort);
  return PivotBuilder(hosts, options, sets).pivot();
}

Pivot pivot_of(const std::vector<Run>& hosts, const ReportOptions& options) {
  return pivot_of(hosts, options, pivot_sets(hosts, rows_are_documents(options), options.baseline));
}

std::string cell_number(const Pivot& pivot, const PivotColumn& column, const PivotCell& cell) {
  if (!cell.value) return {};
  if (!pivot.baseline.empty()) return fmt::format("{:.3f}×", *cell.value);
  return format_value(*column.column, *cell.value);
}

std::string cell_percent(const PivotCell& cell) {
  if (!cell.value || !cell.interval || !(*cell.value > 0)) return {};
  return fmt::format("{:.1f}", 50 * (cell.interval->high - cell.interval->low) / *cell.value);
}

}  // namespace evalzip
