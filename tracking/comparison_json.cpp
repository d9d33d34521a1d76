// A comparison as JSON: everything it holds.
#include <nlohmann/json.hpp>

#include "reports/printable.h"
#include "tracking/comparison_format.h"

namespace evalzip {
namespace {

using Json = nlohmann::ordered_json;

Json cell_json(const CellName& cell) {
  Json json = {{"corpus", printable(cell.corpus)},
               {"document", printable(cell.document)},
               {"codec", printable(cell.codec)}};
  if (cell.block_bytes != 0) json["block_bytes"] = cell.block_bytes;
  if (cell.sample_bytes != 0) json["sample_bytes"] = cell.sample_bytes;
  if (cell.threads != 1) json["threads"] = cell.threads;
  return json;
}

Json finding_json(const Finding& finding) {
  Json json = cell_json(finding.cell);
  json["metric"] = finding.metric->name;
  json["verdict"] = to_string(finding.verdict);
  json["gates"] = finding.gates;
  json["base"] = finding.base;
  json["head"] = finding.head;
  if (finding.ratio_interval) {
    json["ratio_interval"] = {finding.ratio_interval->low, finding.ratio_interval->high};
  }
  if (!finding.why.empty()) json["why"] = finding.why;
  return json;
}

Json metric_json(const Metric& metric) {
  static constexpr const char* kComparable[] = {"anywhere", "same toolchain", "same job"};
  return {{"name", metric.name},
          {"unit", metric.unit},
          {"meaning", metric.meaning},
          {"better", metric.better == Direction::smaller_is_better ? "smaller" : "larger"},
          {"comparable", kComparable[static_cast<int>(metric.comparable)]},
          {"deterministic", metric.deterministic},
          {"threshold", metric.threshold},
          {"least_change", metric.least_change}};
}

Json notes_json(const std::vector<CellNote>& notes) {
  Json array = Json::array();
  for (const CellNote& note : notes) {
    Json json = cell_json(note.cell);
    json["detail"] = printable(note.detail);
    array.push_back(std::move(json));
  }
  return array;
}

}  // namespace

void write_comparison_json(const Comparison& comparison, std::ostream& out) {
  Json json = {{"base", printable(comparison.base)},
               {"head", printable(comparison.head)},
               {"cells", comparison.cells},
               {"regressed", comparison.regressed()}};
  json["metrics"] = Json::array();
  for (const Metric& metric : all_metrics()) json["metrics"].push_back(metric_json(metric));
  json["findings"] = Json::array();
  for (const Finding& finding : comparison.findings) {
    json["findings"].push_back(finding_json(finding));
  }
  for (const auto& [name, notes] : {std::pair{"broken", &comparison.broken},
                                    {"remodelled", &comparison.remodelled},
                                    {"failed", &comparison.failed},
                                    {"added", &comparison.added},
                                    {"removed", &comparison.removed},
                                    {"other", &comparison.other},
                                    {"rewritten", &comparison.rewritten}}) {
    json[name] = notes_json(*notes);
  }
  json["geometric_means"] = Json::array();
  for (const MetricMean& mean : comparison.means) {
    json["geometric_means"].push_back({{"metric", mean.metric->name},
                                       {"ratio", mean.ratio},
                                       {"interval", {mean.interval.low, mean.interval.high}},
                                       {"cells", mean.cells}});
  }
  json["notes"] = comparison.notes;
  out << json.dump(1) << '\n';
}

}  // namespace evalzip
