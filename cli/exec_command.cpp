// `evalzip exec`: some cells of a plan, run on this machine into a folder of results.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <system_error>

#include "cli/allocation.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/quantity.h"
#include "cli/run_progress.h"
#include "harness/cell_job.h"
#include "harness/cell_list.h"
#include "harness/environment.h"

namespace evalzip {
namespace {

struct Options {
  std::string plan, results, stage, checkpoint = "10m";
  std::optional<std::string> index, shard;
  bool quiet = false;
};

std::string words_for(const JobReport& report) {
  switch (report.end) {
    case JobEnd::present:
      return fmt::format("there already ({})", to_string(report.outcome));
    case JobEnd::unfit:
      return fmt::format("no result: {}", report.detail);
    case JobEnd::interrupted:
      return "interrupted, what is done is kept";
    case JobEnd::done:
      break;
  }
  return report.detail.empty()
             ? fmt::format("done ({})", to_string(report.outcome))
             : fmt::format("done ({}: {})", to_string(report.outcome), report.detail);
}

// The worse of two exit codes: wrong bytes, then cells without a result.
int worse(int a, int b) {
  const auto weight = [](int code) { return code == kExitIntegrity ? 2 : code == kExitOk ? 0 : 1; };
  return weight(b) > weight(a) ? b : a;
}

int exit_code_of(const JobReport& report) {
  if (report.end == JobEnd::unfit) return kExitCellsFailed;
  if (report.outcome == Outcome::mismatch) return kExitIntegrity;
  return report.outcome == Outcome::ok ? kExitOk : kExitCellsFailed;
}

int run_cells(const WidePlan& plan, const std::vector<std::size_t>& cells,
              const JobControl& control, StatusLine& line) {
  int code = kExitOk;
  for (const std::size_t index : cells) {
    const PlannedCell& cell = plan.cells[index];
    const JobReport report = run_cell(plan, cell, control);
    line.print(fmt::format("cell {} {} {}: {}", index, plan.codecs[cell.cell.codec].canonical(),
                           plan.documents[cell.cell.document].document.name, words_for(report)));
    if (report.end == JobEnd::interrupted) return kExitInterrupted;
    code = worse(code, exit_code_of(report));
  }
  return code;
}

// A machine where the folder cannot be made reads from the shared file system.
std::unique_ptr<Stage> open_stage(const Options& options, InputCheck& check, StatusLine& line) {
  if (options.stage.empty()) return nullptr;
  try {
    return std::make_unique<Stage>(
        options.stage, check,
        Stage::Observer{.interrupted = interrupted, .copied = [&line](const std::string& file) {
                          line.print(fmt::format("staged {}", file));
                        }});
  } catch (const std::system_error& error) {
    line.note(fmt::format("not staged: {}", error.what()));
    return nullptr;
  }
}

std::vector<std::size_t> chosen_cells(const Options& options, const WidePlan& plan) {
  if (options.shard) return cells_of_shard(*options.shard, plan);
  return options.index ? parse_cell_list(*options.index, plan.cells.size()) : all_cells(plan);
}

int exec(const Options& options, Program& program) {
  StatusLine line(program.live_progress, options.quiet);
  catch_interrupts();
  const WidePlan plan = read_plan(options.plan, program.installed.codecs, PlanUse::run);
  const std::vector<std::size_t> cells = chosen_cells(options, plan);
  const ResultFolder results(options.results.empty() ? ResultFolder::beside(options.plan)
                                                     : std::filesystem::path(options.results));
  results.create();
  InputCheck check;
  const std::unique_ptr<Stage> stage = open_stage(options, check, line);
  RunProgress progress(line);
  Environment environment = this_environment(program.installed.codecs);
  environment.arguments = program.arguments;
  place_in_allocation(environment);
  return run_cells(plan, cells,
                   {.process = WorkerProcess(program.worker),
                    .interrupted = interrupted,
                    .note = [&](const std::string& text) { line.note(text); },
                    .observer = progress,
                    .environment = std::move(environment),
                    .results = results,
                    .stage = stage.get(),
                    .check = check,
                    .checkpoint_seconds = parse_duration(options.checkpoint)},
                   line);
}

}  // namespace

Command add_exec_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("exec", "Run some cells of a plan; results are files");
  const auto options = std::make_shared<Options>();
  command->add_option("--plan", options->plan, "What `evalzip plan` wrote")
      ->type_name("FILE")
      ->required();
  auto* index =
      command->add_option("--index", options->index, "Cells by their place: 3 or 0-9,12 [all]")
          ->type_name("LIST");
  auto* shard = command->add_option("--shard", options->shard, "The i-th of N equal shares: 1/4")
                    ->type_name("i/N");
  index->excludes(shard);
  command
      ->add_option("--results", options->results,
                   "Folder of the results [results, beside the plan]")
      ->type_name("FOLDER");
  command
      ->add_option("--stage", options->stage,
                   "A folder on a disk of this machine: documents and models are copied there once")
      ->type_name("FOLDER");
  command
      ->add_option("--checkpoint", options->checkpoint,
                   "Cells in blocks that should take longer are kept block by block [10m]")
      ->type_name("TIME");
  command->add_flag("--quiet", options->quiet, "Say nothing but errors");
  return {command, [options, &program] { return exec(*options, program); }};
}

}  // namespace evalzip
