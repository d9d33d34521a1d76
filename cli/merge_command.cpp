// `evalzip merge A.json B.json -o ALL.json`: runs of the same or different cells become one.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/output_file.h"
#include "cli/read_run.h"
#include "harness/merge.h"
#include "harness/record_json.h"

namespace evalzip {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string out;
};

int merge(const Options& options) {
  std::vector<Run> runs;
  for (const std::string& file : options.files) runs.push_back(read_run(file));
  const Run all = merge_runs(runs);
  write_file(options.out, format_run(all));
  return kExitOk;
}

}  // namespace

Command add_merge_command(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand(
      "merge", "Join several run.json of one machine: samples of equal cells are put together");
  const auto options = std::make_shared<Options>();
  command->add_option("runs", options->files, "Files written by `evalzip run`")->required();
  command->add_option("-o,--out", options->out, "File to write")->required();
  return {command, [options] { return merge(*options); }};
}

}  // namespace evalzip
