// The flags of `evalzip run`.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/record.h"

namespace evalzip {

// Where the cells are measured.
struct ClusterOptions {
  std::string executor = "local", on_interrupt = "leave";
  std::string partition, account, time, constraint;
  std::vector<std::string> sbatch, estimates;
  std::optional<unsigned> max_parallel;
  std::optional<std::string> stage;
  std::string bundle = "5m", checkpoint = "10m";  // as typed
  bool detach = false;
};

struct RunOptions {
  std::vector<std::string> corpora, codecs;
  std::string out = "run.json";
  bool resume = false, quiet = false, offline = false, watch = false;
  std::string count_with;  // of --instructions; empty: they are not counted

  std::optional<unsigned> samples;
  unsigned rounds = 5;
  std::uint64_t seed = 1;
  unsigned threads = 1;
  std::optional<unsigned> pin;
  // As typed; settings() turns them into numbers.
  std::string min_time = "100ms", timeout = "2h";
  std::optional<std::string> budget, block_size, sample, memory_limit;

  // Of the table.
  std::vector<std::string> columns;
  std::string sort;
  bool per_file = false;

  ClusterOptions cluster;
};

void add_run_options(CLI::App& app, RunOptions& options);

// Only those that say what is measured and how: of `evalzip plan`.
void add_plan_options(CLI::App& app, RunOptions& options);

// Throws std::invalid_argument naming the flag, for values that do not go together.
Settings settings(const RunOptions& options);

}  // namespace evalzip
