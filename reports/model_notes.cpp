#include "reports/model_notes.h"

#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "reports/best_known.h"
#include "reports/columns.h"
#include "reports/figures.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

// As rows_of_totals() tells rows apart, for the few records that have models. Samples are left
// behind, as intervals take their time.
struct ModelRow {
  std::vector<Record> records;

  Figures figures(const BestKnown& known) const {
    std::vector<const Record*> all;
    for (const Record& record : records) all.push_back(&record);
    return figures_of(all, known);
  }
};

std::vector<ModelRow> model_rows(const Run& run) {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view,
                         std::optional<std::uint64_t>, unsigned, bool>;
  std::map<Key, std::size_t> places;
  std::vector<ModelRow> rows;
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok || record.model_bytes.value_or(0) == 0) continue;
    const Key key{record.corpus,      record.codec,   record.version,
                  record.block_bytes, record.threads, record.sampled_from_bytes.has_value()};
    const auto [place, is_new] = places.emplace(key, rows.size());
    if (is_new) rows.emplace_back();
    Record bare = record;
    bare.encode_seconds = bare.decode_seconds = {};
    bare.encode_cpu_seconds = bare.decode_cpu_seconds = {};
    bare.encode_rounds = bare.decode_rounds = {};
    rows[place->second].records.push_back(std::move(bare));
  }
  return rows;
}

std::string shown(std::string_view column, const Figures& figures) {
  const std::optional<double> value = find_column(column).value(figures);
  return value ? format_value(find_column(column), *value) : "";
}

std::string break_even(const Figures& figures) {
  if (!figures.best_bytes_without_model) return "";
  const std::string bytes = shown("break_even", figures);
  if (!bytes.empty()) return fmt::format("; the weights pay from {} bytes of such data on", bytes);
  return "; a codec without weights is as short, so they never pay";
}

std::string costs(const Figures& figures) {
  std::string text;
  if (figures.model_parameters) text += shown("model_parameters", figures) + " parameters";
  if (figures.multiply_adds) {
    text += fmt::format("{}{} multiply-adds a byte", text.empty() ? "" : ", ",
                        shown("multiply_adds", figures));
  }
  if (figures.encode_peak_bytes) {
    text +=
        fmt::format("{}{} MB of memory", text.empty() ? "" : ", ", shown("encode_peak", figures));
  }
  return text.empty() ? text : " " + text + ".";
}

std::string note(const ModelRow& row, const BestKnown& known, bool name_corpus) {
  const Record& first = row.records.front();
  const Figures figures = row.figures(known);
  const std::string place = name_corpus ? first.corpus + ", " : "";
  const std::string read = first.contamination ? "Contamination: " + *first.contamination
                                               : "No manifest says what it was trained on.";
  return printable(fmt::format("{}{}: {} bytes and {} of weights are {}{}.{} {}", place,
                               first.codec, shown("encoded_bytes", figures),
                               shown("model_bytes", figures), shown("total_bytes", figures),
                               break_even(figures), costs(figures), read));
}

}  // namespace

bool lacks_model(const Record& record) {
  return record.outcome == Outcome::missing && !record.sha256.empty();
}

std::vector<std::string> model_notes(const Run& run) {
  const std::vector<ModelRow> rows = model_rows(run);
  std::set<std::string_view> corpora;
  for (const ModelRow& row : rows) corpora.insert(row.records.front().corpus);
  const BestKnown known(run);
  std::vector<std::string> notes;
  for (const ModelRow& row : rows) notes.push_back(note(row, known, corpora.size() > 1));
  return notes;
}

std::vector<std::string> missing_model_notes(const Run& run) {
  std::vector<std::string> notes;
  std::set<std::string> said;
  for (const Record& record : run.records) {
    if (!lacks_model(record)) continue;
    std::string text = printable(fmt::format("{}: {}.", record.codec, record.detail));
    if (said.insert(text).second) notes.push_back(std::move(text));
  }
  return notes;
}

}  // namespace evalzip
