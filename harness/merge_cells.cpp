#include "harness/merge_cells.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/merge.h"

namespace evalzip {
namespace {

using Counts = std::map<std::string, std::size_t>;  // of cells

std::string most_frequent(const Counts& counts) {
  return std::ranges::max_element(counts, {}, &Counts::value_type::second)->first;
}

std::string in_words(const Counts& counts) {
  std::vector<std::string> parts;
  for (const auto& [name, cells] : counts) parts.push_back(fmt::format("{}: {}", name, cells));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string list_of(const Counts& counts) {
  constexpr std::size_t kMost = 8;
  std::vector<std::string> names;
  for (const auto& [name, cells] : counts) {
    if (names.size() == kMost) {
      names.push_back(fmt::format("{} more", counts.size() - kMost));
      break;
    }
    names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

class CellMerger {
 public:
  explicit CellMerger(const WidePlan& plan) : plan_(plan) {}

  void add(const PlannedCell& cell, Run result) {
    const Environment& environment = result.environment;
    ++hosts_[environment.host];
    ++cpus_[environment.cpu];
    ++commits_[environment.commit];
    cpu_of_cell_.push_back(environment.cpu);
    of_cpu_.try_emplace(environment.cpu, environment);
    shared_ = shared_ || !cell.resources.exclusive;
    take_environment(environment);
    run_.wall_seconds += result.wall_seconds;
    run_.codec_seconds += result.codec_seconds;
    run_.order.insert(run_.order.end(), result.order.begin(), result.order.end());
    run_.records.push_back(std::move(result.records[0]));
    // Another plan may have given the same bytes another name.
    const PlannedDocument& document = plan_.documents[cell.cell.document];
    run_.records.back().corpus = document.corpus;
    run_.records.back().document = document.document.name;
  }

  void add_without_result(const PlannedCell& cell, const std::string& why) {
    const Plan alone = plan_of(plan_, cell);
    run_.records.push_back(blank_record(alone, alone.cells[0]));
    run_.records.back().detail = why;
    cpu_of_cell_.emplace_back();
  }

  Run finish() {
    if (!cpus_.empty()) tell_of_machines();
    run_.environment.arguments = plan_.arguments;
    run_.environment.allocation.reset();
    run_.records.insert(run_.records.end(), plan_.missing.begin(), plan_.missing.end());
    take_settings();
    return std::move(run_);
  }

 private:
  // What cells have in common is that of the first on the same CPU, told at the end.
  void take_environment(const Environment& environment) {
    if (started_.empty() || environment.started_utc < started_) started_ = environment.started_utc;
    finished_ = std::max(finished_, environment.finished_utc);
    for (const std::string& warning : environment.warnings) {
      if (std::ranges::find(warnings_, warning) == warnings_.end()) warnings_.push_back(warning);
    }
  }

  void tell_of_machines() {
    Environment& all = run_.environment;
    all = of_cpu_.at(most_frequent(cpus_));
    all.host = list_of(hosts_);
    all.started_utc = started_;
    all.finished_utc = finished_;
    all.warnings = warnings_;
    if (commits_.size() > 1) {
      all.warnings.push_back(fmt::format("cells were measured by different builds of evalzip ({})",
                                         in_words(commits_)));
    }
    if (shared_) {
      all.warnings.push_back(
          "cells shared their machines with others: speeds are not what a quiet "
          "machine gives");
    }
    if (cpus_.size() > 1) forget_times_of_others();
  }

  void forget_times_of_others() {
    std::size_t forgotten = 0;
    for (std::size_t i = 0; i < cpu_of_cell_.size(); ++i) {
      if (cpu_of_cell_[i].empty() || cpu_of_cell_[i] == run_.environment.cpu) continue;
      forget_times(run_.records[i]);
      ++forgotten;
    }
    run_.environment.warnings.push_back(
        fmt::format("cells ran on different CPUs ({}): of {} of them only the sizes are here, "
                    "because speeds of "
                    "different CPUs are not comparable; keep to one with --constraint",
                    in_words(cpus_), forgotten));
  }

  // What the settings have in common.
  void take_settings() {
    if (plan_.settings.empty()) return;
    run_.settings = plan_.settings.front();
    for (const Settings& other : plan_.settings) {
      if (other.block_bytes != run_.settings.block_bytes) run_.settings.block_bytes.reset();
      if (other.sample_bytes != run_.settings.sample_bytes) run_.settings.sample_bytes.reset();
      if (other.threads != run_.settings.threads) run_.settings.threads = 1;
    }
  }

  const WidePlan& plan_;
  Run run_;
  std::vector<std::string> cpu_of_cell_;  // parallel to the records; empty: no result
  std::map<std::string, Environment> of_cpu_;
  std::string started_, finished_;
  std::vector<std::string> warnings_;
  Counts hosts_, cpus_, commits_;
  bool shared_ = false;
};

}  // namespace

MergedCells merge_cells(const WidePlan& plan, const ResultFolder& results) {
  MergedCells merged;
  CellMerger merger(plan);
  std::set<std::string> planned;
  for (std::size_t i = 0; i < plan.cells.size(); ++i) {
    const std::string& key = plan.cells[i].cell.key;
    planned.insert(key);
    CellResult result = results.find(key, plan.settings[plan.cells[i].settings]);
    if (result.run) {
      merger.add(plan.cells[i], *std::move(result.run));
      continue;
    }
    const std::string why =
        result.unfit.empty() ? "it was not run to its end"
                             : fmt::format("{}: {}", results.result_of(key).string(), result.unfit);
    merger.add_without_result(plan.cells[i], why);
    merged.lacking.push_back({.cell = i, .why = why});
  }
  merged.run = merger.finish();
  merged.run.complete = merged.lacking.empty();
  for (const std::string& key : results.keys()) merged.strangers += planned.contains(key) ? 0 : 1;
  return merged;
}

}  // namespace evalzip
