// `evalzip plan`: the cells of a suite, or of a run's flags, as a file that any engine can carry
// out.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/plan_suite.h"
#include "cli/read_run.h"
#include "harness/output_file.h"

namespace evalzip {
namespace {

struct Options {
  RunOptions run;
  std::string suite, out = "plan.jsonl";
  std::vector<std::string> estimates;
  bool quiet = false;
};

// A suite has its own flags: those of the command line would be of no use beside it.
void refuse_run_flags(const CLI::App& command) {
  const std::set<std::string> groups{"What to measure", "How to measure", "Limits"};
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || !groups.contains(option->get_group())) continue;
    throw std::invalid_argument(
        fmt::format("{} and a suite: the suite says what is measured and how, write it there",
                    option->get_name()));
  }
}

int plan(const Options& options, const CLI::App& command, Program& program) {
  if (!options.suite.empty()) refuse_run_flags(command);
  StatusLine line(program.live_progress, options.quiet);
  catch_interrupts();
  check_writable(options.out);
  std::vector<Run> earlier;
  for (const std::string& file : options.estimates) earlier.push_back(read_run(file));
  const Suite suite = options.suite.empty() ? suite_of(options.run) : read_suite(options.suite);
  const WidePlan planned = plan_suite(suite, earlier, program, line);
  write_file(options.out, format_plan(planned));
  double seconds = 0;
  for (const PlannedCell& cell : planned.cells) seconds += cell.seconds.value_or(0);
  line.print(fmt::format("{}: {} cells, about {:.1f} hours of one machine, {} missing", options.out,
                         planned.cells.size(), seconds / 3600, planned.missing.size()));
  return kExitOk;
}

}  // namespace

Command add_plan_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "plan", "Write the cells of a suite, or of a run's flags, as a plan for `evalzip exec`");
  const auto options = std::make_shared<Options>();
  command->add_option("suite", options->suite, "A suite file (docs/cluster.md) [the flags below]");
  command
      ->add_option("-o,--out", options->out, "The plan [plan.jsonl]; an older one is kept as FILE~")
      ->type_name("FILE");
  command
      ->add_option("--estimates", options->estimates,
                   "Earlier results that say how long cells take [as if 1 MB/s]")
      ->type_name("RUN.json");
  command->add_flag("--quiet", options->quiet, "Say nothing but errors");
  add_plan_options(*command, options->run);
  return {command, [options, command, &program] { return plan(*options, *command, program); }};
}

}  // namespace evalzip
