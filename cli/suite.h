// A suite: many runs in one file, as `evalzip plan SUITE.json` reads it. The format is
// docs/cluster.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/run_options.h"

namespace evalzip {

// Codecs x corpora under one group of settings.
struct SuiteRun {
  RunOptions options;
  std::map<std::string, std::string> settings;  // by flag without its dashes; sizes in bytes
};

// Which cells are meant: shell patterns, and settings that must be these.
struct CellPattern {
  std::string codec = "*", corpus = "*", document = "*";
  std::map<std::string, std::string> settings;

  bool matches(const std::string& codec_name, const std::string& corpus_name,
               const std::string& document_name,
               const std::map<std::string, std::string>& typed) const;
};

// What the cells of a pattern need, where the suite knows better.
struct ResourceRule {
  CellPattern pattern;
  std::optional<unsigned> cores, gpus;
  std::optional<std::uint64_t> memory_bytes;
  std::optional<bool> exclusive;
  std::optional<double> seconds;
};

struct Suite {
  std::vector<SuiteRun> runs;
  std::vector<CellPattern> excluded;
  std::vector<ResourceRule> resources;  // a later rule wins
};

// Throws std::runtime_error that names the place and what may stand there.
Suite parse_suite(const std::string& json);

// The same of a file, which the message names. Throws std::system_error too.
Suite read_suite(const std::filesystem::path& file);

}  // namespace evalzip
