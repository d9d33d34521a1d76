// `evalzip merge A.json B.json -o ALL.json`: runs of the same or different cells become one.
// `evalzip merge FOLDER -o run.json`: so do the results of a plan's cells.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/merged_cells.h"
#include "cli/open_plan.h"
#include "cli/read_run.h"
#include "harness/merge.h"
#include "harness/output_file.h"
#include "harness/record_json.h"

namespace evalzip {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string out, plan;
};

int merge_plan(const Options& options, Program& program) {
  const OpenPlan open = open_plan(options.files[0], options.plan, program);
  const MergedCells merged = merge_cells(open.plan, open.results);
  write_file(options.out, format_run(merged.run));
  StatusLine line(program.live_progress, false);
  tell_of_cells(open.plan, merged, line);
  return exit_code_of(merged);
}

int merge_files(const Options& options) {
  std::vector<Run> runs;
  for (const std::string& file : options.files) runs.push_back(read_run(file));
  const Run all = merge_runs(runs);
  write_file(options.out, format_run(all));
  return kExitOk;
}

int merge(const Options& options, Program& program) {
  check_writable(options.out);
  const bool folder = std::ranges::any_of(
      options.files, [](const std::string& file) { return std::filesystem::is_directory(file); });
  if (!folder && options.plan.empty()) return merge_files(options);
  if (options.files.size() > 1) {
    throw std::invalid_argument(
        "the results of one plan at a time: `evalzip merge` joins the finished runs afterwards");
  }
  return merge_plan(options, program);
}

}  // namespace

Command add_merge_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("merge",
                                         "Join several run.json of one machine, samples of equal "
                                         "cells put together; or the results of "
                                         "a plan");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("runs", options->files,
                   "Files written by `evalzip run`, or the folder of a plan and its results")
      ->required();
  command->add_option("-o,--out", options->out, "File to write")->required();
  command->add_option("--plan", options->plan, "The plan, if it is not in the folder")
      ->type_name("FILE");
  return {command, [options, &program] { return merge(*options, program); }};
}

}  // namespace evalzip
