// `evalzip history`: runs kept over time in one file, and where they changed.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/read_run.h"
#include "reports/printable.h"
#include "tracking/comparison_format.h"
#include "tracking/history.h"

namespace evalzip {
namespace {

struct Options {
  std::string file = "evalzip-history.db";
  std::vector<std::string> runs;
  std::string cell, metric;
  double magnitude_percent = 2;
};

int import_runs(const Options& options) {
  constexpr std::size_t kBatch = 100;  // runs in memory, and in a transaction
  History history(options.file);
  std::size_t added = 0;
  for (std::size_t begin = 0; begin < options.runs.size(); begin += kBatch) {
    const std::size_t end = std::min(begin + kBatch, options.runs.size());
    std::vector<Run> runs;
    for (std::size_t i = begin; i < end; ++i) runs.push_back(read_run(options.runs[i]));
    const std::vector<bool> is_new = history.import_runs(runs);
    for (std::size_t i = begin; i < end; ++i) {
      if (!is_new[i - begin]) fmt::print(stderr, "{}: already there\n", options.runs[i]);
    }
    added += static_cast<std::size_t>(std::ranges::count(is_new, true));
  }
  fmt::print("{} of {} runs imported into {}\n", added, options.runs.size(), options.file);
  return kExitOk;
}

// A history to be read must be there; only an import makes one.
History open_history(const Options& options) {
  if (!std::filesystem::exists(options.file)) {
    throw HistoryError(fmt::format(
        "there is no history {}: `evalzip history import` makes one, --file names another",
        options.file));
  }
  return History(options.file);
}

int list(const Options& options) {
  History history = open_history(options);
  for (const ImportedRun& run : history.runs()) {
    fmt::print("{:<21} {:<20} {:>7} values  {}\n", printable(run.started_utc),
               printable(run.commit), run.values, printable(run.machine));
  }
  return kExitOk;
}

// A line of block characters: the smallest value the lowest, the largest the highest.
std::string sparkline(const std::vector<SeriesPoint>& points) {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto [low, high] = std::ranges::minmax_element(points, {}, &SeriesPoint::value);
  std::string line;
  for (const SeriesPoint& point : points) {
    const double range = high->value - low->value;
    const double share = range > 0 ? (point.value - low->value) / range : 0;
    line += kBars[static_cast<std::size_t>(share * 7.999)];
  }
  return line;
}

int plot(const Options& options) {
  History history = open_history(options);
  std::size_t shown = 0;
  for (const Series& series : history.series()) {
    if (!options.metric.empty() && series.metric_name != options.metric) continue;
    if (series.cell.text().find(options.cell) == std::string::npos) continue;
    std::vector<SeriesPoint> points = history.points(series);
    constexpr std::size_t kMostPoints = 80;
    if (points.size() > kMostPoints) {
      points.erase(points.begin(), points.end() - static_cast<std::ptrdiff_t>(kMostPoints));
    }
    const auto [low, high] = std::ranges::minmax_element(points, {}, &SeriesPoint::value);
    fmt::print("{} {} ({})\n  {}\n  {:.6g} to {:.6g}, now {:.6g}\n", series.cell.text(),
               printable(series.metric_name), printable(series.machine), sparkline(points),
               low->value, high->value, points.back().value);
    ++shown;
  }
  if (shown == 0) {
    throw HistoryError(fmt::format("no series of {} has {} in its name and is of metric {}",
                                   options.file, options.cell,
                                   options.metric.empty() ? "any" : options.metric));
  }
  return kExitOk;
}

int changes(const Options& options) {
  History history = open_history(options);
  const auto found = history.changes({.least_magnitude = options.magnitude_percent / 100});
  for (const SeriesChange& change : found) {
    fmt::print("{:<21} {:<36} {:<20} {:>10}  {:.6g} -> {:.6g}  {}..{}  p={:.2g}\n",
               printable(change.when), change.series.cell.text(),
               printable(change.series.metric_name),
               change_words(change.point.after / change.point.before), change.point.before,
               change.point.after, printable(change.last_before), printable(change.first_after),
               change.point.p_value);
  }
  fmt::print("{} changes\n", found.size());
  return kExitOk;
}

}  // namespace

Command add_history_command(CLI::App& app, Program&) {
  CLI::App* command =
      app.add_subcommand("history", "Keep runs in one SQLite file and find where they changed");
  const auto options = std::make_shared<Options>();
  command->require_subcommand(1);
  command->add_option("--file", options->file, "The history [evalzip-history.db]");
  command->fallthrough();
  CLI::App* importing = command->add_subcommand("import", "Add run.json files");
  importing->add_option("runs", options->runs, "Files written by `evalzip run`")->required();
  CLI::App* listing = command->add_subcommand("list", "The runs that are there");
  CLI::App* plotting = command->add_subcommand("plot", "Draw series as lines of text");
  plotting->add_option("cell", options->cell, "Part of `corpus/document codec` [all]");
  plotting->add_option("--metric", options->metric, "Only this metric");
  CLI::App* changing = command->add_subcommand("changes", "Changes that stayed, the latest first");
  changing
      ->add_option("--magnitude", options->magnitude_percent,
                   "Smallest change of times, in percent [2]")
      ->check(CLI::NonNegativeNumber);
  return {command, [=] {
            if (importing->parsed()) return import_runs(*options);
            if (listing->parsed()) return list(*options);
            if (plotting->parsed()) return plot(*options);
            return changes(*options);
          }};
}

}  // namespace evalzip
