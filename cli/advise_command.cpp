// `evalzip advise`: which codec to take for sending, storing or loading these data.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include <unistd.h>

#include "cli/command_codecs.h"
#include "cli/commands.h"
#include "cli/corpora_of_run.h"
#include "cli/default_codecs.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/model_places.h"
#include "cli/quantity.h"
#include "cli/read_run.h"
#include "cli/run_progress.h"
#include "harness/codec_check.h"
#include "harness/output_file.h"
#include "harness/plan.h"
#include "harness/record_json.h"
#include "harness/run.h"
#include "reports/advice.h"

namespace evalzip {
namespace {

struct Options {
  std::vector<std::string> files, corpora, codecs;
  std::string run, out, link = "100Mbit/s", disk = "1GB/s", sample = "1M", budget = "60s";
  std::optional<std::string> memory;
  bool as_json = false, offline = false, quiet = false;
  AdviceSettings settings;
};

AdviceSettings settings_of(const Options& options) {
  AdviceSettings settings = options.settings;
  settings.link = parse_bandwidth(options.link);
  settings.disk = parse_bandwidth(options.disk);
  if (options.memory) settings.memory_bytes = parse_size(*options.memory);
  return settings;
}

// A journal that nobody resumes from.
class ScratchFile {
 public:
  ScratchFile()
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("evalzip-advise-{}.journal", ::getpid())) {}
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Run measure(const Options& options, const std::vector<std::string>& names, const Program& program) {
  StatusLine line(program.live_progress, options.quiet);
  catch_interrupts();
  std::vector<CodecSpec> codecs = chosen_codecs(options.codecs, program.installed.codecs,
                                                [&](const std::string& text) { line.print(text); });
  CorpusProgress corpus_progress(line);
  find_models(codecs, places_from_environment(), corpus_progress);
  if (options.codecs.empty()) {
    leave_out_missing(codecs, [&](const std::string& text) { line.print(text); });
  }
  WorkerProcess process(program.worker);
  check_codecs(codecs, process, interrupted);
  const std::vector<Corpus> corpora = open_corpora(names, options.offline, line);
  const Settings settings{.samples = 10,
                          .rounds = 5,
                          .min_time_seconds = 0.02,
                          .budget_seconds = parse_duration(options.budget),
                          .sample_bytes = parse_size(options.sample)};
  const Plan plan = make_plan(std::move(codecs), corpora, settings);
  const ScratchFile scratch;
  Journal journal(scratch.path(), program.arguments, false);
  RunProgress progress(line);
  Run run = execute(plan, {.process = WorkerProcess(program.worker),
                           .interrupted = interrupted,
                           .journal = journal,
                           .observer = progress});
  line.clear();
  return run;
}

int run(const Options& options, const Program& program) {
  std::vector<std::string> names = options.files;
  names.insert(names.end(), options.corpora.begin(), options.corpora.end());
  if (names.empty() == options.run.empty()) {
    throw std::invalid_argument(
        "advise: name files, a corpus (--corpus), or a run that was made before (--run run.json)");
  }
  const AdviceSettings settings = settings_of(options);
  if (!options.out.empty()) check_writable(options.out);
  const Run run = options.run.empty() ? measure(options, names, program) : read_run(options.run);
  const std::vector<AdviceOnCorpus> advice = advise(run, settings);
  if (advice.empty()) {
    throw std::runtime_error(
        "advise: no codec has sizes and times for these data, so there is nothing to advise");
  }
  std::string text;
  if (options.as_json) {
    text = advice_json(advice, settings);
  } else {
    for (const AdviceOnCorpus& one : advice) {
      text += (text.empty() ? "" : "\n") + advice_text(one, settings);
    }
  }
  if (options.out.empty()) {
    std::cout << text << std::flush;
  } else {
    write_file(options.out, text);
  }
  return run.complete ? kExitOk : kExitInterrupted;
}

}  // namespace

Command add_advise_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "advise", "Which codec to take for sending, storing or loading these data, and why");
  const auto options = std::make_shared<Options>();
  AdviceSettings& settings = options->settings;
  command->add_option("file", options->files, "Files, folders or patterns");
  command->add_option("--corpus", options->corpora, "As of `evalzip run`");
  command->add_option("--run", options->run, "A run.json to judge by, in place of measuring");
  command->add_option("--codec", options->codecs, "As of `evalzip run` [those of a run]");
  command->add_option("--bandwidth", options->link,
                      "Of the link: 100Mbit/s, 12.5MB/s, ... [100Mbit/s]");
  command->add_option("--disk", options->disk, "Of the disk that data are loaded from [1GB/s]");
  command
      ->add_option("--write-once-read", settings.reads,
                   "How often data are read for each time they are written [1]")
      ->check(CLI::Range(0.0, 1e9));
  command->add_option("--memory", options->memory,
                      "Leave out what takes more to encode or decode, as 256M");
  command->add_option("--cpu-cost", settings.cpu_hour_price, "Price of an hour of one CPU [0.04]")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--storage-cost", settings.gigabyte_month_price,
                   "Price of 1 GB for a month [0.02]")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--months", settings.months, "How long data are kept [12]")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--sample", options->sample, "Measure this much of each file [1M]");
  command->add_option("--budget", options->budget, "Most time for measuring [60s]");
  command->add_flag("--json", options->as_json, "For programs");
  command->add_option("--out", options->out, "File to write [standard output]");
  command->add_flag("--offline", options->offline, "Download nothing");
  command->add_flag("--quiet", options->quiet, "No progress");
  return {command, [options, &program] {
            define_commands(options->codecs, program.installed.codecs);
            return run(*options, program);
          }};
}

}  // namespace evalzip
