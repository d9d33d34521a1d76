// `evalzip worker`: the process in which a run lets a codec work.
#include "cli/commands.h"
#include "harness/worker.h"

namespace evalzip {

Command add_worker_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("worker", "Internal: one cell of a run");
  command->group("");
  return {command, [&program] { return run_worker(program.codecs); }};
}

}  // namespace evalzip
