#include "tracking/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/printable.h"
#include "tracking/fingerprint.h"
#include "tracking/speed_test.h"

namespace evalzip {
namespace {

// An interval costs a millisecond; beyond the worst hundred nobody reads them.
constexpr std::size_t kMostIntervals = 100;

using CellMap = std::map<CellName, const Record*>;

CellMap by_name(const Run& run) {
  CellMap cells;
  for (const Record& record : run.records) cells.emplace(cell_name(record), &record);
  return cells;
}

struct Pair {
  CellName name;
  const Record* base;
  const Record* head;
};

// A finding whose samples wait for the verdict over all cells together.
struct SpeedCase {
  std::size_t finding;
  SpeedEvidence evidence;
  double threshold;
};

class Comparer {
 public:
  Comparer(const Run& base, const Run& head, const ComparisonOptions& options)
      : base_(base), head_(head), options_(options) {
    result_.base = options.base;
    result_.head = options.head;
    result_.in_turns = options.interleaved;
    same_toolchain_ = toolchain_key(base.environment) == toolchain_key(head.environment);
    decide_about_speeds();
  }

  Comparison run() {
    pair_cells();
    for (const Pair& pair : pairs_) {
      for (const Metric& metric : all_metrics()) compare_metric(pair, metric);
      if (!pair.base->encoded_hash.empty() && !pair.head->encoded_hash.empty() &&
          pair.base->encoded_hash != pair.head->encoded_hash &&
          pair.base->encoded_bytes == pair.head->encoded_bytes) {
        result_.rewritten.push_back({pair.name, "other bytes of the same size"});
      }
    }
    judge_speeds();
    sort_findings(result_.findings);
    add_intervals();
    add_means();
    return std::move(result_);
  }

 private:
  void decide_about_speeds() {
    const std::string difference = machine_difference(base_.environment, head_.environment);
    speeds_gate_ = options_.interleaved || (difference.empty() && options_.trust_stored_speed);
    if (!speeds_gate_ && !difference.empty()) {
      result_.notes.push_back("speeds are advisory: the machines differ, " + printable(difference));
    } else if (!speeds_gate_) {
      result_.notes.emplace_back(
          "speeds are advisory: stored times of the same code differ from hour to hour; use "
          "`evalzip ab`, or --trust-stored-speed on a quiet machine");
    }
    if (!same_toolchain_) {
      result_.notes.push_back(
          "memory and instructions are advisory: compiler, libc or instruction set differ");
    }
  }

  void pair_cells() {
    const CellMap base = by_name(base_), head = by_name(head_);
    for (const auto& [name, record] : base) {
      const auto found = head.find(name);
      if (found == head.end()) {
        result_.removed.push_back({name, fmt::format("not in {}", options_.head)});
      } else {
        pair_cell({name, record, found->second});
      }
    }
    for (const auto& [name, record] : head) {
      if (!base.contains(name)) note_new_cell(name, *record, "not in");
    }
    if (pairs_.empty() && result_.failed.empty() && result_.broken.empty() &&
        result_.remodelled.empty()) {
      refuse(base, head);
    }
    result_.cells = pairs_.size();
  }

  void note_new_cell(const CellName& name, const Record& record, const char* why) {
    if (record.outcome == Outcome::mismatch) {
      result_.broken.push_back({name, record.detail});
    } else {
      result_.added.push_back({name, fmt::format("{} {}", why, options_.base)});
    }
  }

  void pair_cell(const Pair& pair) {
    const bool base_ok = pair.base->outcome == Outcome::ok;
    const bool head_ok = pair.head->outcome == Outcome::ok;
    if (pair.base->sha256 != pair.head->sha256 && !pair.base->sha256.empty() &&
        !pair.head->sha256.empty()) {
      result_.other.push_back({pair.name, "the documents have different bytes"});
    } else if (pair.head->outcome == Outcome::mismatch) {
      result_.broken.push_back({pair.name, pair.head->detail});
    } else if (base_ok && head_ok && has_another_model(pair)) {
      result_.remodelled.push_back(
          {pair.name, fmt::format("model {} became {}", printable(*pair.base->model_sha256),
                                  printable(*pair.head->model_sha256))});
    } else if (base_ok && head_ok) {
      pairs_.push_back(pair);
    } else if (base_ok) {
      result_.failed.push_back(
          {pair.name, fmt::format("{}: {}", to_string(pair.head->outcome), pair.head->detail)});
    } else if (head_ok) {
      note_new_cell(pair.name, *pair.head, "no result in");
    } else {
      result_.other.push_back(
          {pair.name, fmt::format("no result on either side; {}: {}", to_string(pair.head->outcome),
                                  pair.head->detail)});
    }
  }

  // Runs of an evalzip that did not record models say nothing about them.
  static bool has_another_model(const Pair& pair) {
    return pair.base->model_sha256 && pair.head->model_sha256 &&
           *pair.base->model_sha256 != *pair.head->model_sha256;
  }

  [[noreturn]] void refuse(const CellMap& base, const CellMap& head) const {
    const auto corpora = [](const CellMap& cells) {
      std::set<std::string> names;
      for (const auto& [name, record] : cells) names.insert(printable(name.corpus));
      return names.empty() ? "no cells" : fmt::format("{}", fmt::join(names, ", "));
    };
    throw ComparisonError(fmt::format(
        "nothing to compare: no cell has a result on the same bytes in both; {} is over {}, {} "
        "over {}. Give two runs of the same corpora and codecs",
        options_.base, corpora(base), options_.head, corpora(head)));
  }

  void compare_metric(const Pair& pair, const Metric& metric) {
    const std::optional<double> base = metric.value(*pair.base), head = metric.value(*pair.head);
    if (!base || !head) return;
    if (metric.unit == "instructions" && pair.base->counted_bytes != pair.head->counted_bytes) {
      return;  // counts of different work
    }
    Finding finding{.cell = pair.name, .metric = &metric, .base = *base, .head = *head};
    switch (metric.comparable) {
      case Comparable::anywhere:
        finding.gates = true;
        break;
      case Comparable::same_toolchain:
        finding.gates = same_toolchain_;
        if (!finding.gates) finding.why = "advisory: compiler, libc or instruction set differ";
        break;
      case Comparable::same_job:
        finding.gates = speeds_gate_;
        break;
    }
    if (metric.deterministic) {
      judge_exact(pair, finding);
    } else {
      gather_speed(pair, finding);
    }
    result_.findings.push_back(std::move(finding));
  }

  static void judge_exact(const Pair& pair, Finding& finding) {
    const Metric& metric = *finding.metric;
    const bool larger = finding.head > finding.base;
    const double change = std::abs(finding.head - finding.base);
    if (change <= metric.threshold * finding.base || change <= metric.least_change) return;
    const bool better = larger == (metric.better == Direction::larger_is_better);
    finding.verdict = better ? Verdict::improved : Verdict::regressed;
    if (pair.base->version != pair.head->version) {
      finding.why = fmt::format("version {} became {}", printable(pair.base->version),
                                printable(pair.head->version));
    }
  }

  double threshold(const Metric& metric) const {
    return options_.time_threshold.value_or(metric.threshold);
  }

  void gather_speed(const Pair& pair, Finding& finding) {
    const std::vector<double> base = finding.metric->samples(*pair.base);
    const std::vector<double> head = finding.metric->samples(*pair.head);
    if (base.size() < kFewestSamples || head.size() < kFewestSamples) {
      finding.verdict = Verdict::inconclusive;
      finding.why = fmt::format("{} and {} samples: at least {} a side are needed", base.size(),
                                head.size(), kFewestSamples);
      return;
    }
    if (minimum(base) <= 0 || minimum(head) <= 0) {
      finding.verdict = Verdict::inconclusive;
      finding.why = "times too short to be measured";
      return;
    }
    speeds_.push_back({result_.findings.size(), weigh(base, head), threshold(*finding.metric)});
  }

  void judge_speeds() {
    std::vector<double> p_slower, p_faster;
    for (const SpeedCase& one : speeds_) {
      p_slower.push_back(one.evidence.p_slower);
      p_faster.push_back(one.evidence.p_faster);
    }
    const std::vector<bool> surely_slower = rejected(p_slower, options_.false_discovery_rate);
    const std::vector<bool> surely_faster = rejected(p_faster, options_.false_discovery_rate);
    for (std::size_t i = 0; i < speeds_.size(); ++i) {
      const SpeedCase& one = speeds_[i];
      Finding& finding = result_.findings[one.finding];
      if (surely_slower[i] && slower(one.evidence, one.threshold)) {
        finding.verdict = Verdict::regressed;
      } else if (surely_faster[i] && faster(one.evidence, one.threshold)) {
        finding.verdict = Verdict::improved;
      } else if (too_noisy(one.evidence, one.threshold)) {
        finding.verdict = Verdict::inconclusive;
        finding.why = fmt::format(
            "noise of {:.1f} %: changes below that would not be seen",
            100 * std::max({one.evidence.spread, one.evidence.self_noise, one.threshold}));
      } else if (slower(one.evidence, one.threshold) || faster(one.evidence, one.threshold)) {
        finding.verdict = Verdict::inconclusive;
        finding.why = "too few samples to tell the change from chance";
      }
    }
  }

  void add_intervals() {
    std::map<CellName, const Pair*> pairs;
    for (const Pair& pair : pairs_) pairs.emplace(pair.name, &pair);
    std::size_t done = 0;
    for (Finding& finding : result_.findings) {
      if (finding.metric->deterministic) continue;
      // Of a job whose samples took minutes all are wanted.
      if (done == kMostIntervals && !options_.interleaved) continue;
      const Pair& pair = *pairs.at(finding.cell);
      const std::vector<double> base = finding.metric->samples(*pair.base);
      const std::vector<double> head = finding.metric->samples(*pair.head);
      if (std::min(base.size(), head.size()) < kFewestSamples || minimum(base) <= 0) continue;
      finding.ratio_interval = ratio_interval(base, head);
      ++done;
    }
  }

  void add_means() {
    for (const Metric& metric : all_metrics()) {
      std::vector<double> ratios;
      for (const Finding& finding : result_.findings) {
        if (finding.metric == &metric && finding.base > 0 && finding.head > 0) {
          ratios.push_back(finding.ratio());
        }
      }
      if (ratios.empty()) continue;
      result_.means.push_back({.metric = &metric,
                               .ratio = geometric_mean(ratios),
                               .interval = geometric_mean_interval(ratios),
                               .cells = ratios.size()});
    }
  }

  const Run& base_;
  const Run& head_;
  const ComparisonOptions& options_;
  bool speeds_gate_ = false, same_toolchain_ = false;
  std::vector<Pair> pairs_;
  std::vector<SpeedCase> speeds_;
  Comparison result_;
};

}  // namespace

Comparison compare_runs(const Run& base, const Run& head, const ComparisonOptions& options) {
  return Comparer(base, head, options).run();
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::regressed:
      return "regressed";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::improved:
      return "improved";
    case Verdict::unchanged:
      return "unchanged";
  }
  return "";
}

std::string CellName::text() const {
  std::string text =
      fmt::format("{}/{} {}", printable(corpus), printable(document), printable(codec));
  if (block_bytes != 0) text += fmt::format(" block:{}", block_bytes);
  if (sample_bytes != 0) text += fmt::format(" sample:{}", sample_bytes);
  if (threads != 1) text += fmt::format(" threads:{}", threads);
  return text;
}

CellName cell_name(const Record& record) {
  return {.corpus = record.corpus,
          .document = record.document,
          .codec = record.codec,
          .block_bytes = record.block_bytes.value_or(0),
          .sample_bytes = record.sampled_from_bytes ? record.original_bytes : 0,
          .threads = record.threads};
}

double Finding::ratio() const {
  if (base == head) return 1;
  return head / base;
}

std::size_t Comparison::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(findings, verdict, &Finding::verdict));
}

bool Comparison::regressed() const {
  if (!remodelled.empty()) return true;
  return std::ranges::any_of(findings, [](const Finding& finding) {
    return finding.gates && finding.verdict == Verdict::regressed;
  });
}

void sort_findings(std::vector<Finding>& findings) {
  const auto badness = [](const Finding& finding) {
    const double change = std::log(finding.ratio());
    return finding.metric->better == Direction::smaller_is_better ? -change : change;
  };
  std::ranges::stable_sort(findings, {}, [&](const Finding& finding) {
    const double order = badness(finding);
    return std::tuple(finding.verdict, !finding.gates,
                      finding.verdict == Verdict::improved ? -order : order);
  });
}

}  // namespace evalzip
