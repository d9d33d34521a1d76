#include "reports/page_data.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <nlohmann/json.hpp>

#include "reports/columns.h"
#include "reports/printable.h"
#include "reports/selection.h"

namespace evalzip {
namespace {

using Json = nlohmann::ordered_json;

// Of all columns, those that a reader sees who asks for nothing.
constexpr std::string_view kShown[] = {
    "encoded_bytes", "ratio",  "bits_per_byte", "order_0",     "above_entropy", "coder_loss",
    "encode",        "decode", "encode_peak",   "decode_peak", "model_bytes",   "total_ratio"};

Json column_json(const Column& column) {
  constexpr std::string_view kBetter[] = {"higher", "lower", "neither"};
  Json json = {{"name", column.name},
               {"title", column.title},
               {"unit", column.unit},
               {"better", kBetter[static_cast<int>(column.better)]},
               {"grouped", column.notation == Notation::grouped},
               {"shown", std::ranges::find(kShown, column.name) != std::end(kShown)},
               {"places", nullptr}};
  if (column.notation == Notation::one_place) json["places"] = 1;
  if (column.notation == Notation::two_places) json["places"] = 2;
  if (column.notation == Notation::three_places) json["places"] = 3;
  return json;
}

Json cell_json(const Figures& figures, const Column& column) {
  const auto value = column.value(figures);
  if (!value.has_value()) return nullptr;
  Json json = Json::array({*value});
  if (column.interval == nullptr) return json;
  if (const auto interval = column.interval(figures)) {
    json.push_back(interval->low);
    json.push_back(interval->high);
  }
  return json;
}

Json per_byte(const std::optional<double>& bits, const Record& record) {
  if (!bits || record.original_bytes == 0) return nullptr;
  return *bits / static_cast<double>(record.original_bytes);
}

Json median_json(const std::vector<double>& seconds) {
  return seconds.empty() ? Json(nullptr) : Json(median(seconds));
}

class PageData {
 public:
  PageData(const std::vector<Run>& hosts, const CodecLabels& labels) : labels_(labels) {
    for (const Run& run : hosts) hosts_.push_back(host_label(run.environment));
  }

  std::string text(const std::list<PivotSet>& sets) {
    Json columns = Json::array(), rows = Json::array();
    for (const Column& column : all_columns()) {
      columns.push_back(column_json(column));
      // Without weights the sums with weights say nothing.
      if (column.name.starts_with("total_") && !any_weights(sets)) {
        columns.back()["shown"] = false;
      }
    }
    for (const PivotSet& set : sets) {
      for (const Row& row : set.rows) rows.push_back(row_json(set, row));
    }
    return script_json(Json({{"hosts", hosts_},
                             {"columns", columns},
                             {"documents", documents_},
                             {"files", files_},
                             {"rows", rows}})
                           .dump());
  }

 private:
  static bool any_weights(const std::list<PivotSet>& sets) {
    return std::ranges::any_of(sets, [](const PivotSet& set) {
      return std::ranges::any_of(
          set.rows, [](const Row& row) { return row.figures && row.figures->model_bytes; });
    });
  }

  Json row_json(const PivotSet& set, const Row& row) {
    Json json = {{"host", set.host},
                 {"corpus", printable(set.corpus)},
                 {"codec", labels_.of(row)},
                 {"version", printable(row.version)},
                 {"estimate", row.estimate},
                 {"documents", row.documents},
                 {"documents_ok", row.ok.size()},
                 {"failure", failure(row)},
                 {"seconds", Json::array({nullptr, nullptr})},
                 {"original", 0},
                 {"encoded", 0},
                 {"best", Json::array()},
                 {"cells", Json::array()},
                 {"files", Json::array()}};
    if (row.figures) add_figures(json, set, row);
    for (const auto* records : {&row.ok, &row.failed}) {
      for (const Record* record : *records) json["files"].push_back(add_file(*record));
    }
    return json;
  }

  void add_figures(Json& json, const PivotSet& set, const Row& row) const {
    const Figures& figures = *row.figures;
    json["original"] = figures.original_bytes;
    json["encoded"] = figures.encoded_bytes;
    if (figures.encode) json["seconds"][0] = figures.encode->median_seconds;
    if (figures.decode) json["seconds"][1] = figures.decode->median_seconds;
    for (std::size_t i = 0; i < all_columns().size(); ++i) {
      json["cells"].push_back(cell_json(figures, all_columns()[i]));
      if (set.best->holds(row, all_columns()[i])) json["best"].push_back(i);
    }
  }

  static std::string failure(const Row& row) {
    if (row.failed.empty()) return "";
    std::string text(to_string(row.failed.front()->outcome));
    std::ranges::replace(text, '_', ' ');
    return row.failed.front()->detail.empty()
               ? text
               : text.append(": ").append(printable(row.failed.front()->detail));
  }

  std::size_t add_file(const Record& record) {
    const auto [place, is_new] = places_.emplace(record.document, places_.size());
    if (is_new) documents_.push_back(printable(record.document));
    std::string outcome(to_string(record.outcome));
    std::ranges::replace(outcome, '_', ' ');
    const bool ok = record.outcome == Outcome::ok;
    const bool known = ok && record.encoded_bytes.has_value();
    files_.push_back(
        Json::array({place->second, outcome, record.original_bytes,
                     known ? Json(*record.encoded_bytes) : Json(nullptr),
                     ok ? median_json(record.encode_seconds) : Json(nullptr),
                     ok ? median_json(record.decode_seconds) : Json(nullptr),
                     per_byte(record.order_0_bits, record), per_byte(record.order_2_bits, record),
                     per_byte(record.true_entropy_bits, record)}));
    return files_.size() - 1;
  }

  const CodecLabels& labels_;
  Json hosts_ = Json::array(), documents_ = Json::array(), files_ = Json::array();
  std::map<std::string, std::size_t> places_;
};

}  // namespace

std::string page_data(const std::vector<Run>& hosts, const std::list<PivotSet>& sets,
                      const CodecLabels& labels) {
  return PageData(hosts, labels).text(sets);
}

// A "<" can stand in strings only, and there it may be written as its number.
std::string script_json(std::string json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace evalzip
