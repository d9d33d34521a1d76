#include "reports/pivot_sets.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/columns.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

void add_host(std::list<PivotSet>& sets, const Run& run, std::size_t host, bool per_document) {
  std::map<std::pair<std::string, std::string>, PivotSet*> places;
  const auto add = [&](Row row, const std::string& document) {
    PivotSet*& place = places[{row.corpus, document}];
    if (place == nullptr) {
      sets.push_back({host, row.corpus, document, {}, {}, nullptr});
      place = &sets.back();
    }
    place->rows.push_back(std::move(row));
  };
  if (!per_document) {
    for (Row& row : rows_of_totals(run)) add(std::move(row), "");
    return;
  }
  const BestKnown known(run);
  for (const Record& record : run.records) add(row_of_document(record, known), record.document);
}

void find_baseline(std::list<PivotSet>& sets, const std::string& baseline) {
  std::set<std::string> known;
  bool found = false;
  for (PivotSet& set : sets) {
    for (const Row& row : set.rows) {
      known.insert(printable(row.codec));
      if (row.codec != baseline || row.estimate || set.baseline != nullptr) continue;
      set.baseline = &row;
      found = true;
    }
  }
  if (found) return;
  throw ReportError(fmt::format("no run has the baseline '{}' (codecs: {})", printable(baseline),
                                fmt::join(known, ", ")));
}

}  // namespace

std::list<PivotSet> pivot_sets(const std::vector<Run>& hosts, bool per_document,
                               const std::string& baseline) {
  std::list<PivotSet> sets;
  for (std::size_t host = 0; host < hosts.size(); ++host) {
    add_host(sets, hosts[host], host, per_document);
  }
  for (PivotSet& set : sets) set.best.emplace(set.rows);
  if (!baseline.empty()) find_baseline(sets, baseline);
  return sets;
}

CodecLabels::CodecLabels(const std::list<PivotSet>& sets) {
  std::map<std::string, std::set<std::string>> versions;
  std::set<std::string> blocks, threads;
  for (const PivotSet& set : sets) {
    for (const Row& row : set.rows) {
      versions[row.codec].insert(row.version);
      blocks.insert(row.block_bytes ? std::to_string(*row.block_bytes) : "whole");
      threads.insert(std::to_string(row.threads));
    }
  }
  for (const auto& [codec, known] : versions) {
    if (known.size() > 1) several_versions_.push_back(codec);
  }
  show_block_ = blocks.size() > 1;
  show_threads_ = threads.size() > 1;
}

std::string CodecLabels::of(const Row& row) const {
  std::string text = fmt::format("{}{}", row.estimate ? "~" : "", printable(row.codec));
  if (std::ranges::binary_search(several_versions_, row.codec)) {
    text += fmt::format(" v{}", printable(row.version));
  }
  if (show_block_) {
    text += row.block_bytes ? fmt::format(" block={}", *row.block_bytes) : " block=whole";
  }
  if (show_threads_) text += fmt::format(" threads={}", row.threads);
  return text;
}

std::string CodecLabels::identity(const Row& row) {
  const std::string block = row.block_bytes ? std::to_string(*row.block_bytes) : "whole";
  return fmt::format("{}\n{}\n{}\n{}\n{}", row.codec, row.version, block, row.threads,
                     row.estimate);
}

}  // namespace evalzip
