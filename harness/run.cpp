#include "harness/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "harness/cell_runner.h"
#include "harness/cost_model.h"
#include "harness/merge.h"
#include "harness/probe.h"
#include "harness/split_mix.h"

namespace evalzip {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// Sampling of one direction in one round ends after this, unless the user asked for a number of
// samples: a codec that needs seconds per call needs fewer samples for the same precision.
constexpr double kSamplingSeconds = 2;
// So that setting up workers takes less than a twentieth of a run, with a margin for their end,
// which they cannot see.
constexpr double kSetupMultiple = 20;
// Share of the budget that estimates may fill, and overrun at which a running cell is given up.
constexpr double kFill = 0.9, kOverrun = 1.1;
double seconds_since(Clock::time_point start) { return Seconds(Clock::now() - start).count(); }

class Executor {
 public:
  Executor(const Plan& plan, const RunControl& control)
      : plan_(plan),
        control_(control),
        runner_(plan, control.process, control.interrupted),
        costs_(round_shape(plan.settings, 0)) {
    for (const Cell& cell : plan.cells) records_.emplace(cell.key, blank_record(plan, cell));
  }

  Run run() {
    take_earlier_results();
    if (plan_.settings.budget_seconds) choose_cells();
    for (unsigned round = 0; round < plan_.settings.rounds && !interrupted_; ++round) {
      run_round(round);
    }
    return finish();
  }

 private:
  RoundShape shape(unsigned round) const {
    RoundShape shape = round_shape(plan_.settings, round);
    if (one_sample_a_round_) shape.samples = std::min(plan_.settings.samples, 1u);
    return shape;
  }

  const std::string& codec_name(const Cell& cell) const { return records_.at(cell.key).codec; }

  std::uint64_t size(const Cell& cell) const { return plan_.documents[cell.document].size; }

  std::optional<double> estimate(const Cell& cell) const {
    return costs_.round_seconds(codec_name(cell), size(cell));
  }

  void take_earlier_results() {
    for (const RoundResult& result : control_.journal.earlier()) {
      const auto it = records_.find(result.record.key);
      if (it == records_.end() || !rounds_done_[it->first].insert(result.round).second) continue;
      merge_round(it->second, result.record);
      spent_[it->first] += result.wall_seconds;
      codec_seconds_ += result.codec_seconds;
    }
  }

  double budget_left() const { return *plan_.settings.budget_seconds - seconds_since(start_); }

  // Keeps the cheapest cells that together fit into the budget, so that as many as possible are
  // measured, and leaves the others out.
  void choose_cells() {
    if (!observe_speeds(plan_, control_, budget_left(), costs_)) interrupted_ = true;
    std::vector<const Cell*> cheapest_first;
    for (const Cell& cell : plan_.cells) {
      if (records_.at(cell.key).outcome == Outcome::skipped) cheapest_first.push_back(&cell);
    }
    std::ranges::stable_sort(cheapest_first, {},
                             [&](const Cell* cell) { return estimate(*cell).value_or(0); });
    take_fewer_samples_if_needed(cheapest_first);
    double planned = 0;
    for (const Cell* cell : cheapest_first) {
      const double seconds = estimate(*cell).value_or(0);
      planned += seconds;
      if (planned > budget_left() * kFill) {
        leave_out(*cell,
                  fmt::format("about {:.0f} s more would not fit into the budget of {:.0f} s",
                              seconds, *plan_.settings.budget_seconds));
      }
    }
  }

  // Processes tell more than samples: what does not fit whole gets one sample in each round first.
  void take_fewer_samples_if_needed(const std::vector<const Cell*>& cells) {
    if (plan_.settings.exact_samples) return;
    double whole = 0;
    for (const Cell* cell : cells) whole += estimate(*cell).value_or(0) * plan_.settings.rounds;
    if (whole <= budget_left() * kFill) return;
    one_sample_a_round_ = true;
    costs_.set_samples(shape(0).samples);
  }

  void leave_out(const Cell& cell, const std::string& why) {
    Record& record = records_.at(cell.key);
    record.detail = "left out: " + why + "; raise --budget, or take a part with --sample";
    left_out_.insert(cell.key);
  }

  bool wanted(const Cell& cell, unsigned round) const {
    const Record& record = records_.at(cell.key);
    if (left_out_.contains(cell.key)) return false;
    if (const auto it = rounds_done_.find(cell.key);
        it != rounds_done_.end() && it->second.contains(round)) {
      return false;
    }
    if (round == 0) return true;
    if (record.outcome != Outcome::ok) return false;
    const auto spent = spent_.find(cell.key);
    return plan_.settings.exact_samples || spent == spent_.end() ||
           spent->second < kLongCellSeconds;
  }

  std::vector<const Cell*> cells_of_round(unsigned round) const {
    std::vector<const Cell*> cells;
    for (const Cell& cell : plan_.cells) {
      if (wanted(cell, round)) cells.push_back(&cell);
    }
    SplitMix64 random(plan_.settings.seed + round);
    shuffle(cells, random);
    return cells;
  }

  void run_round(unsigned round) {
    const std::vector<const Cell*> cells = cells_of_round(round);
    for (std::size_t i = 0; i < cells.size() && !interrupted_; ++i) {
      if (fits(*cells[i], round)) run_cell(*cells[i], round, progress(cells, i, round));
    }
  }

  // Without an estimate a cell is begun as long as there is any time left.
  bool fits(const Cell& cell, unsigned round) {
    if (!plan_.settings.budget_seconds) return true;
    const double needed = round == 0 ? 0 : estimate(cell).value_or(0);
    if (needed < budget_left()) return true;
    if (round == 0) leave_out(cell, "the budget was spent before its turn");
    return false;
  }

  std::optional<Seconds> timeout() const {
    std::optional<double> limit = plan_.settings.timeout_seconds;
    if (plan_.settings.budget_seconds) {
      const double left = *plan_.settings.budget_seconds * kOverrun - seconds_since(start_);
      limit = limit ? std::min(*limit, std::max(left, 1.0)) : std::max(left, 1.0);
    }
    return limit ? std::optional(Seconds(*limit)) : std::nullopt;
  }

  void run_cell(const Cell& cell, unsigned round, const RunObserver::Progress& progress) {
    control_.observer.starting(records_.at(cell.key), round, progress);
    order_.push_back(cell.key);
    const RoundShape shape = this->shape(round);
    auto result = runner_.run(cell, {.round = round,
                                     .samples = shape.samples,
                                     .sampling_seconds = shape.sampling_seconds,
                                     .setup_multiple = shape.setup_multiple,
                                     .timeout = timeout()});
    if (!result) {
      interrupted_ = true;
      return;
    }
    codec_seconds_ += result->codec_seconds;
    if (result->record.outcome == Outcome::timed_out && plan_.settings.budget_seconds &&
        budget_left() < 0) {
      if (round == 0) leave_out(cell, "the budget was spent while it ran");
      return;
    }
    control_.journal.append(*result);
    merge_round(records_.at(cell.key), result->record);
    rounds_done_[cell.key].insert(round);
    spent_[cell.key] += result->wall_seconds;
    if (result->record.outcome == Outcome::ok) {
      const auto& first = runner_.first_calls();
      costs_.observe(codec_name(cell), size(cell), first.encode_seconds, first.decode_seconds);
    }
    RunObserver::Progress after = progress;
    ++after.done;
    control_.observer.finished(*result, after);
  }

  // Time left: this round's cells from `next` on, and every later round of cells that get one.
  RunObserver::Progress progress(const std::vector<const Cell*>& cells, std::size_t next,
                                 unsigned round) const {
    const std::size_t later_rounds = plan_.settings.rounds - round - 1;
    RunObserver::Progress progress{
        .done = order_.size(),
        .total = order_.size() + cells.size() - next + later_rounds * cells.size()};
    double seconds = 0;
    std::size_t known = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto cost = estimate(*cells[i]);
      if (!cost) continue;
      ++known;
      const bool short_cell = *cost < kLongCellSeconds;
      seconds += *cost * static_cast<double>((i >= next ? 1 : 0) + (short_cell ? later_rounds : 0));
    }
    if (known * 2 >= cells.size()) {
      // Cells without an estimate are taken to be like the others.
      progress.seconds_left =
          seconds * static_cast<double>(cells.size()) / static_cast<double>(known);
      if (plan_.settings.budget_seconds) {
        progress.seconds_left =
            std::clamp(*progress.seconds_left, 0.0, std::max(0.0, budget_left()));
      }
    }
    return progress;
  }

  Run finish() {
    Run run;
    run.settings = plan_.settings;
    run.order = order_;
    run.complete = !interrupted_;
    for (const Cell& cell : plan_.cells) {
      Record& record = records_.at(cell.key);
      if (record.outcome == Outcome::skipped && record.detail.empty()) {
        record.detail = "interrupted before it ran; --resume goes on";
      }
      run.records.push_back(std::move(record));
    }
    run.records.insert(run.records.end(), plan_.missing.begin(), plan_.missing.end());
    run.wall_seconds = seconds_since(start_);
    run.codec_seconds = codec_seconds_;
    return run;
  }

  const Plan& plan_;
  const RunControl& control_;
  Clock::time_point start_ = Clock::now();
  CellRunner runner_;
  bool one_sample_a_round_ = false;        // because of the budget
  CostModel costs_;                        // set up with the member before it
  std::map<std::string, Record> records_;  // by key
  std::map<std::string, std::set<unsigned>> rounds_done_;
  std::map<std::string, double> spent_;  // wall seconds of a cell so far
  std::set<std::string> left_out_;
  std::vector<std::string> order_;
  double codec_seconds_ = 0;
  bool interrupted_ = false;
};

}  // namespace

RoundShape round_shape(const Settings& settings, unsigned round) {
  const unsigned rest = round < settings.samples % settings.rounds ? 1 : 0;
  return {.samples = settings.samples / settings.rounds + rest,
          .min_time_seconds = settings.min_time_seconds,
          .sampling_seconds = settings.exact_samples ? 1e9 : kSamplingSeconds,
          // Whoever sets a budget or a number of samples has said what counts more.
          .setup_multiple = settings.exact_samples || settings.budget_seconds ? 0 : kSetupMultiple};
}

Run execute(const Plan& plan, const RunControl& control) { return Executor(plan, control).run(); }

}  // namespace evalzip
