#include "cli/run_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "cli/quantity.h"
#include "harness/pin.h"

namespace evalzip {
namespace {

// Google Benchmark's compare.py asks for nine, and five processes share ten evenly.
constexpr unsigned kDefaultSamples = 10;

template <class Parse>
auto parse_flag(const char* flag, const std::string& text, Parse parse) {
  try {
    return parse(text);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", flag, error.what()));
  }
}

std::uint64_t positive_size(const char* flag, const std::string& text) {
  const std::uint64_t size = parse_flag(flag, text, parse_size);
  if (size == 0) throw std::invalid_argument(fmt::format("{}: must be more than 0", flag));
  return size;
}

std::optional<double> budget(const RunOptions& options) {
  if (!options.budget || options.budget == "none") return std::nullopt;
  return parse_flag("--budget", *options.budget, parse_duration);
}

void add_what_to_measure(CLI::App& app, RunOptions& options) {
  app.add_option(
         "--corpus", options.corpora,
         "What to compress: names (see `evalzip list corpora`), files, folders, globs, "
         "manifests, model:FILE or model:NAME for a model's tensors; commas between several "
         "[demo]")
      ->group("What to measure");
  app.add_option("--codec", options.codecs,
                 "Codecs: zstd:19, zstd:1..19, zstd:19,long=27, all; commas between several; or a "
                 "program: 'cmd:name=N;encode=N -c {in};decode=N -d {in}' [one or more settings of "
                 "each family]")
      ->group("What to measure");
  app.add_option("--block-size", options.block_size,
                 "Compress blocks of SIZE separately, as storage and network users do [whole file]")
      ->type_name("SIZE")
      ->group("What to measure");
  app.add_option(
         "--sample", options.sample,
         "Of larger documents take SIZE, from 16 places spread over the document; such rows "
         "are estimates and say so")
      ->type_name("SIZE")
      ->group("What to measure");
  app.add_flag("--offline", options.offline, "Never download")->group("What to measure");
}

void add_how_to_measure(CLI::App& app, RunOptions& options) {
  app.add_option("--samples", options.samples,
                 "Timed samples per direction, however long they take [10, fewer for codecs that "
                 "need seconds per call]")
      ->check(CLI::PositiveNumber)
      ->group("How to measure");
  app.add_option("--rounds", options.rounds,
                 "Worker processes that share the samples of a cell [5]")
      ->check(CLI::PositiveNumber)
      ->group("How to measure");
  app.add_option("--min-time", options.min_time,
                 "Shortest sample; short calls are repeated [100ms]")
      ->type_name("TIME")
      ->group("How to measure");
  app.add_option(
         "--budget", options.budget,
         "Time for the whole run: fewer samples, fewer rounds, then cells left out and named "
         "[6m to 9m by size for the default codecs, else none]")
      ->type_name("TIME|none")
      ->group("How to measure");
  app.add_option("--seed", options.seed, "Of the order of the cells and the places of --sample [1]")
      ->group("How to measure");
  app.add_option("--threads", options.threads,
                 "Blocks of --block-size coded at once [1]; a codec's own threads are a parameter: "
                 "zstd:threads=2")
      ->check(CLI::PositiveNumber)
      ->group("How to measure");
  app.add_flag("--instructions{any}", options.count_with,
               "Also count the instructions of one call in each direction on a MiB of each "
               "document, by the processor where it can, else by Valgrind; or as "
               "--instructions=perf, --instructions=valgrind")
      ->group("How to measure");
  app.add_option("--pin", options.pin, "Bind workers to CPU number N")
      ->type_name("N")
      ->group("How to measure");
}

void add_limits(CLI::App& app, RunOptions& options) {
  app.add_option("--timeout", options.timeout, "Kill a worker after this long [2h]")
      ->type_name("TIME")
      ->group("Limits");
  app.add_option("--memory-limit", options.memory_limit,
                 "Memory a codec may take beside its buffers [all that is free]")
      ->type_name("SIZE")
      ->group("Limits");
}

void add_output(CLI::App& app, RunOptions& options) {
  app.add_option("--out", options.out, "The result file [run.json]; an older one is kept as FILE~")
      ->type_name("FILE")
      ->group("Output");
  app.add_flag("--resume", options.resume,
               "Go on with the interrupted run whose journal lies beside --out, with its flags if "
               "none are given")
      ->group("Output");
  app.add_flag("--quiet", options.quiet, "Write the result file and nothing else but errors")
      ->group("Output");
  app.add_flag("--watch", options.watch,
               "Show the run while it goes: the table on the terminal, a page beside --out that a "
               "browser keeps up to date")
      ->group("Output");
  app.add_option("--columns", options.columns, "Columns of the table, commas between")
      ->delimiter(',')
      ->group("Output");
  app.add_option("--sort", options.sort, "Column that the table is sorted by")->group("Output");
  app.add_flag("--per-file", options.per_file, "A row for every document, not only totals")
      ->group("Output");
}

void add_cluster(CLI::App& app, ClusterOptions& options) {
  const char* const group = "On other machines (docs/cluster.md)";
  app.add_option("--executor", options.executor,
                 "Who runs the cells: this machine, a Slurm cluster, or whoever runs the commands "
                 "that are printed [local]")
      ->check(CLI::IsMember({"local", "slurm", "print"}))
      ->group(group);
  app.add_option("--partition", options.partition, "As of sbatch")->group(group);
  app.add_option("--account", options.account, "As of sbatch")->group(group);
  app.add_option("--time", options.time, "Limit of each task, as of sbatch")->group(group);
  app.add_option("--constraint", options.constraint, "As of sbatch, for example one model of CPU")
      ->group(group);
  app.add_option("--sbatch", options.sbatch, "Further options of sbatch: --sbatch=--qos=long")
      ->allow_extra_args(false)
      ->type_name("OPTION")
      ->group(group);
  app.add_option("--max-parallel", options.max_parallel, "Tasks of an array at once [no limit]")
      ->check(CLI::PositiveNumber)
      ->group(group);
  app.add_option("--bundle", options.bundle, "Short cells share a task of about this long [5m]")
      ->type_name("TIME")
      ->group(group);
  app.add_option("--estimates", options.estimates,
                 "Earlier results that say how long cells take [as if 1 MB/s]")
      ->type_name("RUN.json")
      ->group(group);
  app.add_option("--stage", options.stage,
                 "A folder on each node's own disk, to which documents and models are copied once; "
                 "or none [evalzip-stage-UID in the folder for temporary files]")
      ->type_name("FOLDER|none")
      ->group(group);
  app.add_option("--checkpoint", options.checkpoint,
                 "Cells in blocks that should take longer are kept block by block [10m]")
      ->type_name("TIME")
      ->group(group);
  app.add_flag("--detach", options.detach, "Submit and do not wait")->group(group);
  app.add_option("--on-interrupt", options.on_interrupt,
                 "What Ctrl-C does with the jobs: leave or cancel [leave]")
      ->check(CLI::IsMember({"leave", "cancel"}))
      ->group(group);
}

}  // namespace

void add_plan_options(CLI::App& app, RunOptions& options) {
  add_what_to_measure(app, options);
  add_how_to_measure(app, options);
  add_limits(app, options);
}

void add_run_options(CLI::App& app, RunOptions& options) {
  add_plan_options(app, options);
  add_output(app, options);
  add_cluster(app, options.cluster);
}

Settings settings(const RunOptions& options) {
  Settings settings;
  settings.seed = options.seed;
  settings.samples = options.samples.value_or(kDefaultSamples);
  settings.exact_samples = options.samples.has_value();
  settings.rounds = std::min(options.rounds, settings.samples);
  settings.min_time_seconds = parse_flag("--min-time", options.min_time, parse_duration);
  settings.budget_seconds = budget(options);
  settings.timeout_seconds = parse_flag("--timeout", options.timeout, parse_duration);
  settings.threads = options.threads;
  if (options.block_size) settings.block_bytes = positive_size("--block-size", *options.block_size);
  if (options.sample) settings.sample_bytes = positive_size("--sample", *options.sample);
  if (options.memory_limit) {
    settings.memory_limit_bytes = positive_size("--memory-limit", *options.memory_limit);
  }
  if (settings.threads > 1 && !settings.block_bytes) {
    throw std::invalid_argument(
        "--threads works on blocks: add --block-size, or use a codec's own threads, for example "
        "--codec zstd:threads=2");
  }
  if (options.pin && !is_usable_cpu(*options.pin)) {
    throw std::invalid_argument(
        fmt::format("--pin {}: this process may not run on CPU {}; it may use {} CPUs (`taskset -p "
                    "$$` shows which)",
                    *options.pin, *options.pin, usable_cpus()));
  }
  settings.pinned_cpu = options.pin;
  return settings;
}

}  // namespace evalzip
