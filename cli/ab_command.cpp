// `evalzip ab`: two builds, plugins or settings measured in turns, and whether one is worse.
#include <algorithm>
#include <iostream>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/ab_side.h"
#include "cli/commands.h"
#include "cli/comparison_output.h"
#include "cli/corpora_of_run.h"
#include "cli/default_codecs.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/quantity.h"
#include "cli/run_progress.h"
#include "corpora/corpus.h"
#include "harness/codec_check.h"
#include "harness/environment.h"
#include "harness/instruction_counter.h"
#include "harness/output_file.h"
#include "harness/paired_runner.h"
#include "harness/record_json.h"
#include "tracking/confirmation.h"

namespace evalzip {
namespace {

constexpr unsigned kFewestSamplesAsked = 10;

struct Options {
  std::string base, head;
  std::vector<std::string> codecs, corpora;
  unsigned samples = 20;
  double threshold_percent = 5;
  std::string min_time = "100ms", timeout = "2h", sample;
  std::string save_base, save_head;
  std::string count_with;  // of --instructions; empty: they are not counted
  bool identical_too = false, offline = false, quiet = false;
  ComparisonOutput output;
};

// What both sides measure: plans whose cells correspond, and how to run them.
struct Job {
  AbSide base, head;
  Plan base_plan, head_plan;
  PairedSettings paired;
};

std::vector<std::string> shared_codecs(const Options& options, const Job& job,
                                       const Program& program) {
  if (!options.codecs.empty()) return options.codecs;
  const AbSide& side = job.head.kind == AbSide::Kind::plugin ? job.head : job.base;
  if (side.kind == AbSide::Kind::plugin) return side.own;
  std::vector<std::string> names;
  for (const CodecSpec& spec : default_codecs(program.installed.codecs).specs) {
    // Where models lie is the builds' own business, and what they cost would hide all else.
    if (!spec.codec->traits.needs_model) names.push_back(spec.canonical());
  }
  return names;
}

// The specs of both sides, in pairs.
std::pair<std::vector<CodecSpec>, std::vector<CodecSpec>> paired_specs(const Options& options,
                                                                       const Job& job,
                                                                       const Program& program) {
  const bool by_specs =
      job.base.kind == AbSide::Kind::specs || job.head.kind == AbSide::Kind::specs;
  if (by_specs && (!options.codecs.empty() || job.base.kind != job.head.kind)) {
    throw SpecError(fmt::format(
        "{} and {}: name two builds or plugins, and what to measure with --codec, or two codec "
        "settings",
        options.base, options.head));
  }
  const std::string shared =
      fmt::format("{}", fmt::join(shared_codecs(options, job, program), ","));
  auto base = parse_codec_list(*job.base.codecs, by_specs ? job.base.text : shared);
  auto head = parse_codec_list(*job.head.codecs, by_specs ? job.head.text : shared);
  if (base.size() != head.size()) {
    throw SpecError(fmt::format("{} are {} settings and {} are {}: they are compared in pairs",
                                options.base, base.size(), options.head, head.size()));
  }
  return {std::move(base), std::move(head)};
}

Settings settings_of(const Options& options) {
  Settings settings;
  settings.samples = settings.rounds = options.samples;
  settings.exact_samples = true;
  settings.min_time_seconds = parse_duration(options.min_time);
  settings.timeout_seconds = parse_duration(options.timeout);
  if (!options.sample.empty()) settings.sample_bytes = parse_size(options.sample);
  return settings;
}

// A setting that differs between the sides is one cell with both names.
std::string shared_name(const std::string& base, const std::string& head) {
  return base == head ? base : base + " -> " + head;
}

// Counts of both sides; where a side has none, neither needs one.
class PairedCounter {
 public:
  PairedCounter(const Job& job, const std::string& with)
      : base_(job.base_plan, job.base.worker, with, interrupted),
        head_(job.head_plan, job.head.worker, with, interrupted) {}

  const std::string& instruction_set() const { return base_.instruction_set(); }

  // False if the user interrupted.
  bool count(std::size_t index, PairedRecords& records) {
    if (records.base.outcome != Outcome::ok || records.head.outcome != Outcome::ok) return true;
    return base_.count(index, records.base) && head_.count(index, records.head);
  }

 private:
  InstructionCounter base_, head_;
};

class Measurement {
 public:
  Measurement(const Job& job, const Program& program, StatusLine& line)
      : runner_({job.base_plan, job.head_plan, *job.base.process, *job.head.process}, job.paired,
                interrupted),
        job_(job),
        line_(line) {
    base_.environment = head_.environment = this_environment(program.installed.codecs);
    base_.settings = head_.settings = job.base_plan.settings;
    base_.environment.arguments = head_.environment.arguments = program.arguments;
  }

  // From now on instructions are counted, too.
  void count_instructions(const std::string& with) {
    counter_.emplace(job_, with);
    base_.environment.instruction_set = head_.environment.instruction_set =
        counter_->instruction_set();
  }

  // They need no second round.
  void stop_counting() { counter_.reset(); }

  // Measures those cells; throws Cancelled if the user interrupts.
  void run(const std::vector<std::size_t>& cells, const char* what) {
    base_.records.clear();
    head_.records.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line_.show(fmt::format("{} {} of {}", what, i + 1, cells.size()));
      auto records = runner_.run(cells[i]);
      if (!records || (counter_ && !counter_->count(cells[i], *records))) throw Cancelled();
      const std::string name = shared_name(records->base.codec, records->head.codec);
      records->base.codec = records->head.codec = name;
      base_.records.push_back(std::move(records->base));
      head_.records.push_back(std::move(records->head));
    }
    line_.clear();
    base_.complete = head_.complete = true;
    base_.environment.finished_utc = head_.environment.finished_utc = utc_now();
  }

  // Indices of the cells of these names.
  std::vector<std::size_t> indices(const std::set<CellName>& names) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < job_.base_plan.cells.size(); ++i) {
      Record record = blank_record(job_.base_plan, job_.base_plan.cells[i]);
      record.codec =
          shared_name(record.codec, blank_record(job_.head_plan, job_.head_plan.cells[i]).codec);
      if (names.contains(cell_name(record))) found.push_back(i);
    }
    return found;
  }

  const Run& base() const { return base_; }
  const Run& head() const { return head_; }

 private:
  PairedRunner runner_;
  const Job& job_;
  StatusLine& line_;
  std::optional<PairedCounter> counter_;
  Run base_, head_;
};

Job plan_job(const Options& options, const Program& program, StatusLine& line) {
  Job job;
  job.base = find_ab_side(options.base, program);
  job.head = find_ab_side(options.head, program);
  job.paired.samples = options.samples;
  const Settings settings = settings_of(options);
  job.paired.timeout = std::chrono::duration<double>(*settings.timeout_seconds);
  auto [base, head] = paired_specs(options, job, program);
  check_codecs(base, *job.base.process, interrupted);
  check_codecs(head, *job.head.process, interrupted);
  const std::vector<Corpus> corpora = open_corpora(options.corpora, options.offline, line);
  job.base_plan = make_plan(std::move(base), corpora, settings);
  job.head_plan = make_plan(std::move(head), corpora, settings);
  return job;
}

void save(const std::string& file, const Run& run) {
  if (!file.empty()) write_file(file, format_run(run));
}

int ab(const Options& options, const Program& program) {
  check_comparison_output(options.output);
  catch_interrupts();
  StatusLine line(program.live_progress, options.quiet);
  const Job job = plan_job(options, program, line);
  if (!options.identical_too && identical(job.base, job.head)) {
    return show_comparison({.base = options.base,
                            .head = options.head,
                            .notes = {"both have the same bytes: nothing can have changed, "
                                      "nothing was measured"}},
                           options.output);
  }
  Measurement measurement(job, program, line);
  if (!options.count_with.empty()) measurement.count_instructions(options.count_with);
  std::vector<std::size_t> all(job.base_plan.cells.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  measurement.run(all, "cell");
  save(options.save_base, measurement.base());
  save(options.save_head, measurement.head());
  const ComparisonOptions how{.base = options.base,
                              .head = options.head,
                              .interleaved = true,
                              .time_threshold = options.threshold_percent / 100};
  Comparison comparison = compare_runs(measurement.base(), measurement.head(), how);
  if (const std::set<CellName> doubtful = cells_to_confirm(comparison); !doubtful.empty()) {
    measurement.stop_counting();
    measurement.run(measurement.indices(doubtful), "once more: cell");
    confirm(comparison, compare_runs(measurement.base(), measurement.head(), how));
  }
  return show_comparison(comparison, options.output);
}

void add_options(CLI::App& command, Options& options) {
  command
      .add_option("--base", options.base,
                  "Build of evalzip, plugin .so, command (cmd:...), or codec settings")
      ->required();
  command.add_option("--head", options.head, "The same kind of thing, which may be worse")
      ->required();
  command.add_option("--codec", options.codecs, "What to measure with builds and plugins");
  command.add_option("--corpus", options.corpora, "As for `evalzip run` [demo]");
  command
      .add_option("--samples", options.samples,
                  "A side and direction [20]; 6 where that takes over a minute")
      ->check(CLI::Range(kFewestSamplesAsked, 10'000U));
  command
      .add_option("--threshold", options.threshold_percent, "Slowdown that counts, in percent [5]")
      ->check(CLI::PositiveNumber);
  command.add_option("--min-time", options.min_time, "Shortest sample [100ms]");
  command.add_option("--timeout", options.timeout, "Kill a worker after this long [2h]");
  command.add_option("--sample", options.sample, "Of larger documents take SIZE");
  command.add_flag("--instructions{any}", options.count_with,
                   "Also compare instructions, as `evalzip run` counts them");
  command.add_option("--save-base", options.save_base, "File for the run of the base");
  command.add_option("--save-head", options.save_head, "File for the run of the head");
  command.add_flag("--identical-too", options.identical_too,
                   "Measure even if both sides have the same bytes: shows the noise");
  command.add_flag("--offline", options.offline, "Never download");
  command.add_flag("--quiet", options.quiet, "No progress");
  add_comparison_output(command, options.output);
}

}  // namespace

Command add_ab_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "ab", "Measure two builds, plugins or settings in turns and say whether one is worse");
  const auto options = std::make_shared<Options>();
  add_options(*command, *options);
  return {command, [options, &program] { return ab(*options, program); }};
}

}  // namespace evalzip
