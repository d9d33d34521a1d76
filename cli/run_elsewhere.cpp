#include "cli/run_elsewhere.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/merged_cells.h"
#include "cli/plan_suite.h"
#include "cli/plugin_flag.h"
#include "cli/quantity.h"
#include "cli/read_run.h"
#include "cli/resume.h"
#include "cli/run_table.h"
#include "cli/slurm_watch.h"
#include "cluster/submission.h"
#include "corpora/progress.h"
#include "harness/cell_list.h"
#include "harness/output_file.h"
#include "harness/record_json.h"
#include "harness/shell_words.h"
#include "harness/this_program.h"

namespace evalzip {
namespace {

// The flags of the run that began in the folder, and over them those that are given now.
RunOptions resumed_options(const WidePlan& plan, const RunFolder& folder, const Program& program) {
  RunOptions begun, now;
  CLI::App app;
  CLI::App& command = *app.add_subcommand("run");
  add_run_options(command, begun);
  ignore_plugin_flag(command);  // the plan names the plugins it needs
  const auto parse = [&app](const std::vector<std::string>& arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  };
  parse(plan.arguments);
  const RunOptions before = begun;
  // Whoever comes back may want to see it.
  begun.cluster.detach = begun.quiet = false;
  parse(program.arguments);
  if (begun.codecs != before.codecs || begun.corpora != before.corpora ||
      settings(begun) != settings(before)) {
    throw std::invalid_argument(fmt::format(
        "--resume: {} was planned for other codecs, corpora or settings: leave those flags out, or "
        "name another result file with --out",
        folder.plan().string()));
  }
  return begun;
}

void refuse_other_flags(const RunOptions& options) {
  if (options.watch) {
    throw std::invalid_argument("--watch shows a run on this machine: leave it out");
  }
  for (const std::string& option : options.cluster.sbatch) {
    for (const char* ours : {"--job-name", "-J", "--array", "-a", "--clusters", "-M", "--wrap"}) {
      if (option.substr(0, option.find('=')) != ours) continue;
      throw std::invalid_argument(fmt::format(
          "--sbatch={}: evalzip knows its jobs by what it says there: leave it out", option));
    }
  }
}

// What is asked of Slurm, in its own words.
SubmissionRequest submission_request(const RunOptions& options) {
  const ClusterOptions& cluster = options.cluster;
  // Not in TMPDIR, which many clusters give to each job anew.
  std::string stage = fmt::format("/tmp/evalzip-stage-{}", getuid());
  if (cluster.stage) stage = *cluster.stage == "none" ? "" : shell_word(*cluster.stage);
  // Whoever runs the commands knows best which disk is the machine's own.
  if (cluster.executor == "print" && !cluster.stage) stage.clear();
  parse_duration(cluster.checkpoint);  // a mistake is told here, not by each task
  return {.slurm = {.partition = cluster.partition,
                    .account = cluster.account,
                    .time = cluster.time,
                    .constraint = cluster.constraint,
                    .max_parallel = cluster.max_parallel,
                    .others = cluster.sbatch},
          .bundle_seconds = parse_duration(cluster.bundle),
          .stage = stage,
          .program = this_program(),
          .out = options.out,
          .checkpoint = cluster.checkpoint};
}

class RunElsewhere {
 public:
  RunElsewhere(const RunOptions& options, Program& program, StatusLine& line)
      : options_(options), program_(program), line_(line), folder_(options.out) {}

  int run() {
    // A machine without Slurm is told at once, not after the corpora were read.
    std::optional<Slurm> slurm;
    if (options_.resume) {
      find_plan();
    } else {
      refuse_existing();
    }
    if (options_.cluster.executor == "slurm") slurm.emplace();
    if (!options_.resume) make_plan();
    if (interrupted()) throw Cancelled();
    return slurm ? run_on(*slurm) : print_commands();
  }

 private:
  void find_plan() {
    if (!folder_.exists()) {
      throw std::runtime_error(
          fmt::format("--resume: there is no {}, so no run to go on with: leave --resume out, or "
                      "name the result file of that run with --out",
                      folder_.plan().string()));
    }
    plan_ = read_plan(folder_.plan(), program_.installed.codecs, PlanUse::look);
    options_ = resumed_options(plan_, folder_, program_);
    check_options();
  }

  void refuse_existing() {
    check_options();
    if (!folder_.exists()) return;
    throw std::runtime_error(
        fmt::format("{} has the cells of an earlier run: go on with it by --resume, or name "
                    "another result file "
                    "with --out, or remove the folder",
                    folder_.path().string()));
  }

  void check_options() {
    if (options_.cluster.executor == "local") {
      throw std::invalid_argument(fmt::format(
          "{} has the plan of a run on other machines: `{}` and `{}` run what is left of it here",
          folder_.path().string(),
          shell_command({"evalzip", "exec", "--plan", folder_.plan().string()}),
          shell_command({"evalzip", "merge", folder_.path().string(), "--out", options_.out})));
    }
    refuse_other_flags(options_);
    check_table_options(options_);
    check_writable(options_.out);
    request_ = submission_request(options_);
  }

  void make_plan() {
    std::vector<Run> earlier;
    for (const std::string& file : options_.cluster.estimates) earlier.push_back(read_run(file));
    plan_ = plan_suite(suite_of(options_), earlier, program_, line_);
    folder_.create(plan_);
  }

  // A line for each task, for whoever runs commands.
  int print_commands() {
    const auto arrays = bundle(plan_, folder_.cells_without_result(plan_),
                               {.seconds = request_.bundle_seconds, .most_tasks = SIZE_MAX});
    std::string command = shell_command(exec_command(folder_, request_));
    if (!request_.stage.empty()) command += " --stage " + request_.stage;
    for (const TaskArray& array : arrays) {
      for (const auto& cells : array.tasks) {
        fmt::print("{} --index {}\n", command, format_cell_list(cells));
      }
    }
    line_.print(
        fmt::format("when these have run: {}",
                    shell_command({request_.program.string(), "merge", folder_.path().string(),
                                   "--out", std::filesystem::absolute(options_.out).string()})));
    return kExitOk;
  }

  int run_on(const Slurm& slurm) {
    SlurmWatch watch(folder_, slurm, plan_.cells.size(), line_);
    // Once more for cells of tasks that were in the queue and ended without a result: they were
    // cancelled, or on a node that failed.
    while (submit(slurm) && !options_.cluster.detach) {
      if (!watch.wait()) return leave(watch);
    }
    line_.clear();
    if (!options_.cluster.detach || living_tasks(folder_, slurm).empty()) return finish();
    line_.print(fmt::format("`evalzip status {}` says how far it is; {}", folder_.path().string(),
                            how_to_go_on()));
    return kExitOk;
  }

  // Puts into the queue what is not there and was not before by this process. False: there is
  // nothing left to wait for.
  bool submit(const Slurm& slurm) {
    const auto living = living_tasks(folder_, slurm);
    std::vector<std::size_t> missing =
        not_queued(folder_, folder_.cells_without_result(plan_), living);
    std::erase_if(missing, [this](std::size_t cell) { return submitted_.contains(cell); });
    const Submission submission = submit_cells(folder_, plan_, missing, slurm, request_);
    submitted_.insert(missing.begin(), missing.end());
    if (submission.cells > 0) {
      line_.print(fmt::format("{} cells submitted in {} tasks of {} arrays; scripts in {}",
                              submission.cells, submission.tasks, submission.arrays,
                              submission.folder.string()));
    } else if (submitted_.empty()) {
      line_.print("nothing to submit: every cell has a result or is in the queue");
    }
    return submission.cells > 0 || !living.empty();
  }

  std::string how_to_go_on() const {
    return fmt::format("`evalzip run --resume --out {}` goes on", options_.out);
  }

  int leave(SlurmWatch& watch) {
    line_.clear();
    const bool cancel = options_.cluster.on_interrupt == "cancel";
    try {
      if (cancel) watch.cancel();
    } catch (const SlurmError& error) {
      line_.note(
          fmt::format("the jobs could not be cancelled: {}; {}", error.what(), how_to_go_on()));
      return kExitInterrupted;
    }
    line_.print(fmt::format("interrupted: the jobs {}; {}",
                            cancel ? "are cancelled" : "stay in the queue", how_to_go_on()));
    return kExitInterrupted;
  }

  // A network file system may show the last results a moment later.
  MergedCells merge_patiently() const {
    constexpr int kTries = 4;
    constexpr std::chrono::seconds kPause{1};
    MergedCells merged = merge_cells(plan_, folder_.results());
    for (int i = 1; i < kTries && !merged.lacking.empty() && !interrupted(); ++i) {
      std::this_thread::sleep_for(kPause);
      merged = merge_cells(plan_, folder_.results());
    }
    return merged;
  }

  int finish() {
    const MergedCells merged = merge_patiently();
    keep(format_run(merged.run));
    if (!options_.quiet) {
      write_table(merged.run, table_options(options_, program_), std::cout);
      std::cout << std::flush;
    }
    tell_of_cells(plan_, merged, line_);
    line_.print(fmt::format("{} written", options_.out));
    if (!merged.lacking.empty()) {
      line_.print(
          fmt::format("{}; {} has what the tasks said", how_to_go_on(), folder_.logs().string()));
    }
    return exit_code_of(merged);
  }

  // The merging job has written the same already, unless it was killed.
  void keep(const std::string& text) const {
    std::ifstream in(options_.out, std::ios::binary);
    if (in && std::string(std::istreambuf_iterator<char>(in), {}) == text) return;
    write_file(options_.out, text);
  }

  RunOptions options_;
  Program& program_;
  StatusLine& line_;
  RunFolder folder_;
  SubmissionRequest request_;
  WidePlan plan_;
  std::set<std::size_t> submitted_;  // cells, by this process
};

}  // namespace

bool runs_elsewhere(const RunOptions& options) {
  if (options.cluster.executor != "local") return true;
  return options.resume && RunFolder(options.out).exists() &&
         !std::filesystem::exists(journal_of(options.out));
}

int run_elsewhere(const RunOptions& options, Program& program) {
  StatusLine line(program.live_progress, options.quiet);
  catch_interrupts();
  return RunElsewhere(options, program, line).run();
}

}  // namespace evalzip
