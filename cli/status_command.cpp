// `evalzip status`: how far the cells of a plan are.
#include <fmt/format.h>

#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/open_plan.h"
#include "harness/file_lock.h"

namespace evalzip {
namespace {

struct Options {
  std::string folder = ".", plan;
  bool json = false;
};

struct Standing {
  std::size_t planned = 0, running = 0, waiting = 0;
  std::map<Outcome, std::size_t> results;
  double seconds_left = 0;  // of one machine
};

Standing standing_of(const OpenPlan& open) {
  Standing standing{.planned = open.plan.cells.size(), .results = {}};
  for (const PlannedCell& cell : open.plan.cells) {
    const std::string& key = cell.cell.key;
    if (const CellResult result = open.results.find(key, open.plan.settings[cell.settings]);
        result.run) {
      ++standing.results[result.run->records[0].outcome];
      continue;
    }
    ++(FileLock::is_held(open.results.lock_of(key)) ? standing.running : standing.waiting);
    standing.seconds_left += cell.seconds.value_or(0);
  }
  return standing;
}

int exit_code_of(const Standing& standing) {
  if (standing.results.contains(Outcome::mismatch)) return kExitIntegrity;
  const auto ok = standing.results.find(Outcome::ok);
  const bool all = ok != standing.results.end() && ok->second == standing.planned;
  return all ? kExitOk : kExitCellsFailed;
}

void print_text(const Standing& standing) {
  fmt::print("{:<14} {:>6}\n", "planned", standing.planned);
  for (const auto& [outcome, cells] : standing.results) {
    fmt::print("{:<14} {:>6}\n", to_string(outcome), cells);
  }
  fmt::print("{:<14} {:>6}\n", "running", standing.running);
  fmt::print("{:<14} {:>6}\n", "waiting", standing.waiting);
  if (standing.running + standing.waiting > 0) {
    fmt::print("about {:.1f} hours of one machine left\n", standing.seconds_left / 3600);
  }
}

void print_json(const Standing& standing) {
  nlohmann::ordered_json results = nlohmann::ordered_json::object();
  for (const auto& [outcome, cells] : standing.results) {
    results[std::string(to_string(outcome))] = cells;
  }
  const nlohmann::ordered_json json{{"planned", standing.planned},
                                    {"results", results},
                                    {"running", standing.running},
                                    {"waiting", standing.waiting},
                                    {"seconds_left", standing.seconds_left}};
  std::cout << json.dump(2) << "\n";
}

int status(const Options& options, Program& program) {
  const Standing standing = standing_of(open_plan(options.folder, options.plan, program));
  options.json ? print_json(standing) : print_text(standing);
  return exit_code_of(standing);
}

}  // namespace

Command add_status_command(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("status", "Say how many cells of a plan have results, run, or wait");
  const auto options = std::make_shared<Options>();
  command->add_option("folder", options->folder, "Folder of the plan and its results [.]");
  command->add_option("--plan", options->plan, "The plan, if it is not in the folder")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "For programs");
  return {command, [options, &program] { return status(*options, program); }};
}

}  // namespace evalzip
