// `evalzip run`: codecs x corpora -> a verified table and run.json.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>

#include "cli/command_codecs.h"
#include "cli/commands.h"
#include "cli/corpora_of_run.h"
#include "cli/default_codecs.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/live_report.h"
#include "cli/model_places.h"
#include "cli/resume.h"
#include "cli/run_elsewhere.h"
#include "cli/run_options.h"
#include "cli/run_progress.h"
#include "cli/run_table.h"
#include "harness/codec_check.h"
#include "harness/environment.h"
#include "harness/instruction_counter.h"
#include "harness/journal.h"
#include "harness/output_file.h"
#include "harness/plan.h"
#include "harness/record_json.h"
#include "harness/run.h"
#include "reports/report.h"

namespace evalzip {
namespace {

std::filesystem::path page_of(const RunOptions& options) {
  return std::filesystem::path(options.out).replace_extension("html");
}

void check_page(const RunOptions& options) {
  if (page_of(options) == options.out) {
    throw std::invalid_argument(
        fmt::format("--watch writes the page {}: give --out another ending", options.out));
  }
  check_writable(page_of(options));
}

std::uint64_t total_bytes(const std::vector<Corpus>& corpora) {
  std::uint64_t total = 0;
  for (const Corpus& corpus : corpora) {
    for (const Document& document : corpus.documents) total += document.size;
  }
  return total;
}

// Everything that can be wrong with the request is found out here, before the first measurement.
Plan plan_run(const RunOptions& options, const Program& program, StatusLine& line) {
  Settings chosen = settings(options);
  check_table_options(options);
  const auto say = [&](const std::string& text) { line.print(text); };
  std::vector<CodecSpec> codecs = chosen_codecs(options.codecs, program.installed.codecs, say);
  check_writable(options.out);
  if (options.watch) check_page(options);
  CorpusProgress progress(line);
  find_models(codecs, places_from_environment(), progress);
  if (options.codecs.empty()) leave_out_missing(codecs, say);
  WorkerProcess process(program.worker);
  check_codecs(codecs, process, interrupted);
  const std::vector<Corpus> corpora = open_corpora(options.corpora, options.offline, line);
  // Whoever names codecs wants them measured, however long it takes.
  if (!options.budget && options.codecs.empty()) {
    chosen.budget_seconds = default_budget_seconds(total_bytes(corpora));
  }
  return make_plan(std::move(codecs), corpora, chosen);
}

Run measure(const Plan& plan, Environment environment, const Program& program, Journal& journal,
            RunObserver& observer) {
  Run run = execute(plan, {.process = WorkerProcess(program.worker),
                           .interrupted = interrupted,
                           .journal = journal,
                           .observer = observer});
  environment.finished_utc = utc_now();
  run.environment = std::move(environment);
  return run;
}

// Fills in the counts, cell by cell, and says in the environment what counted.
void count_instructions(InstructionCounter& counter, const Plan& plan, Run& run, StatusLine& line) {
  run.environment.instruction_set = counter.instruction_set();
  for (std::size_t i = 0; i < plan.cells.size() && run.complete; ++i) {
    Record& record = run.records[i];  // execute() keeps the plan's order
    if (record.outcome != Outcome::ok) continue;
    line.show(fmt::format("counting instructions: cell {} of {}", i + 1, plan.cells.size()));
    if (!counter.count(i, record)) run.complete = false;
  }
  line.clear();
}

Run measure_watched(const Plan& plan, const Environment& environment, const Program& program,
                    Journal& journal, const RunOptions& options, StatusLine& line) {
  ReportOptions table = table_options(options, program);
  table.colour = table.colour && program.live_progress;
  LiveReport live(plan, journal, environment, {page_of(options), table}, line);
  Run run = measure(plan, environment, program, journal, live);
  live.close(run);
  return run;
}

int run(const RunOptions& options, const std::vector<std::string>& arguments,
        const Program& program) {
  StatusLine line(program.live_progress, options.quiet);
  catch_interrupts();
  const Plan plan = plan_run(options, program, line);
  std::optional<InstructionCounter> counter;  // made here, so that a lack is told at once
  if (!options.count_with.empty()) {
    counter.emplace(plan, program.worker, options.count_with, interrupted);
  }
  const std::filesystem::path journal_file = journal_of(options.out);
  Journal journal(journal_file, arguments, options.resume);
  Environment environment = this_environment(program.installed.codecs);
  environment.arguments = arguments;
  const std::vector<std::string> starts = start_notes(plan.codecs);
  environment.warnings.insert(environment.warnings.end(), starts.begin(), starts.end());
  for (const std::string& warning : environment.warnings) line.print("note: " + warning);

  RunProgress progress(line);
  Run run = options.watch ? measure_watched(plan, environment, program, journal, options, line)
                          : measure(plan, environment, program, journal, progress);
  line.clear();
  if (counter) count_instructions(*counter, plan, run, line);
  write_file(options.out, format_run(run));
  // An interrupted run leaves its journal for --resume.
  if (run.complete) std::filesystem::remove(journal_file);

  if (!options.quiet) {
    write_table(run, table_options(options, program), std::cout);
    std::cout << std::flush;
    line.print(fmt::format("{} written", options.out));
    if (!run.complete) {
      line.print(fmt::format(
          "interrupted: `evalzip run --resume --out {}` goes on where this stopped", options.out));
    }
  }
  return exit_code_of(run);
}

}  // namespace

Command add_run_command(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("run", "Measure codecs on corpora: a verified table and run.json");
  const auto options = std::make_shared<RunOptions>();
  add_run_options(*command, *options);
  return {command, [options, &program] {
            if (runs_elsewhere(*options)) return run_elsewhere(*options, program);
            if (!resumes_by_journal(program.arguments)) {
              define_commands(options->codecs, program.installed.codecs);
              return run(*options, program.arguments, program);
            }
            JournalRun begun = begun_run(*options, program);
            define_commands(begun.options.codecs, program.installed.codecs);
            return run(begun.options, begun.arguments, program);
          }};
}

}  // namespace evalzip
