// `evalzip compare`: two runs, what changed between them, and whether that is a reason to fail.
#include <future>
#include <memory>

#include "cli/commands.h"
#include "cli/comparison_output.h"
#include "cli/read_run.h"
#include "tracking/comparison.h"

namespace evalzip {
namespace {

struct Options {
  std::string base, head;
  ComparisonOptions comparison;
  std::optional<double> threshold_percent;
  ComparisonOutput output;
};

int compare(const Options& options) {
  check_comparison_output(options.output);
  ComparisonOptions comparison = options.comparison;
  comparison.base = options.base;
  comparison.head = options.head;
  if (options.threshold_percent) comparison.time_threshold = *options.threshold_percent / 100;
  // Reading large runs takes most of the time: both at once.
  std::future<Run> reading = std::async(std::launch::async, read_run, options.base);
  const Run head = read_run(options.head);
  return show_comparison(compare_runs(reading.get(), head, comparison), options.output);
}

}  // namespace

Command add_compare_command(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand(
      "compare", "Compare two run.json: sizes exactly, speeds as far as can be trusted");
  const auto options = std::make_shared<Options>();
  command->add_option("base", options->base, "The run.json to compare with")->required();
  command->add_option("head", options->head, "The run.json that may be worse")->required();
  command
      ->add_option("--time-threshold", options->threshold_percent,
                   "Slowdown that counts, in percent [5]")
      ->check(CLI::PositiveNumber);
  command->add_flag("--trust-stored-speed", options->comparison.trust_stored_speed,
                    "Fail on speeds, too, if both runs are of the same host: for quiet machines");
  add_comparison_output(*command, options->output);
  return {command, [options] { return compare(*options); }};
}

}  // namespace evalzip
