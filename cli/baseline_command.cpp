// `evalzip baseline`: what sizes, instructions and memory should be, in a file that people review.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/comparison_output.h"
#include "cli/exit_code.h"
#include "cli/read_run.h"
#include "harness/output_file.h"
#include "reports/printable.h"
#include "tracking/baseline.h"
#include "tracking/comparison_format.h"

namespace evalzip {
namespace {

struct Options {
  std::string file, run;
  std::vector<std::string> cells, metrics;
  ComparisonOutput output;
};

Baseline read_baseline(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw BaselineError(fmt::format("cannot read the baseline {}", file));
  const std::string text(std::istreambuf_iterator<char>(in), {});
  try {
    return parse_baseline(text);
  } catch (const BaselineError& error) {
    throw BaselineError(fmt::format("{}: {}", file, error.what()));
  }
}

Baseline read_if_there(const std::string& file) {
  return std::filesystem::exists(file) ? read_baseline(file) : Baseline{};
}

int update(const Options& options) {
  for (const std::string& name : options.metrics) {
    const Metric* metric = find_metric(name);
    if (metric == nullptr || !metric->deterministic) {
      throw BaselineError(fmt::format("--metric {}: there is no such exact metric", name));
    }
  }
  Baseline baseline = read_if_there(options.file);
  update_baseline(baseline, baseline_of(read_run(options.run),
                                        {options.metrics.begin(), options.metrics.end()}));
  write_file(options.file, format_baseline(baseline));
  fmt::print("{}: {} lines\n", options.file, baseline.size());
  return kExitOk;
}

int accept(const Options& options) {
  Baseline baseline = read_baseline(options.file);
  const Baseline news = baseline_of(read_run(options.run), metrics_of(baseline));
  for (const std::string& cell : options.cells) {
    Baseline chosen;
    for (const auto& [key, values] : news) {
      if (key.cell.text() == cell) chosen.emplace(key, values);
    }
    if (chosen.empty()) {
      throw BaselineError(fmt::format(
          "no cell of {} is \"{}\": write it as `evalzip compare` does, as one argument",
          options.run, printable(cell)));
    }
    update_baseline(baseline, chosen);
  }
  write_file(options.file, format_baseline(baseline));
  return kExitOk;
}

int show(const Options& options) {
  for (const auto& [key, values] : read_baseline(options.file)) {
    fmt::print("{} {} {}\n", key.cell.text(), printable(key.version), printable(key.toolchain));
    for (const auto& [name, value] : values.metrics) {
      fmt::print("  {:<20} {:.17g} {}\n", name, value, find_metric(name)->unit);
    }
  }
  return kExitOk;
}

int check(const Options& options) {
  check_comparison_output(options.output);
  const Comparison comparison = check_baseline(read_baseline(options.file), read_run(options.run));
  return show_comparison(comparison, options.output);
}

}  // namespace

Command add_baseline_command(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand(
      "baseline", "Keep sizes, instructions and memory in a reviewed file, and check runs by it");
  const auto options = std::make_shared<Options>();
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* summary) {
    CLI::App* part = command->add_subcommand(name, summary);
    part->add_option("baseline", options->file, "The file of the baseline")->required();
    return part;
  };
  CLI::App* updating = add("update", "Put in all cells of a run");
  CLI::App* showing = add("show", "Print it for people");
  CLI::App* accepting = add("accept", "Put in some cells of a run");
  CLI::App* checking = add("check", "Compare a run with it; exits with 1 if something is worse");
  updating->add_option("--metric", options->metrics, "Only these, commas between [all exact ones]")
      ->delimiter(',');
  for (CLI::App* part : {updating, accepting, checking}) {
    part->add_option("run", options->run, "A run.json")->required();
  }
  accepting->add_option("cells", options->cells, "\"CORPUS/DOCUMENT CODEC\"")->required();
  add_comparison_output(*checking, options->output);
  return {command, [=] {
            if (updating->parsed()) return update(*options);
            if (showing->parsed()) return show(*options);
            if (accepting->parsed()) return accept(*options);
            return check(*options);
          }};
}

}  // namespace evalzip
