// The command line as a table: what the manual page and the completions of shells are made from.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace evalzip {

struct OptionRow {
  std::vector<std::string> flags;    // "-T", "--threads"; a positional has none
  std::string value;                 // what stands after it: "SIZE"; empty: nothing does
  std::vector<std::string> choices;  // the only values, if there are only so many
  std::string summary;
  bool many = false;  // more than one value
  bool required = false;
};

struct CommandRow {
  std::string name, summary;
  std::vector<OptionRow> options;
  std::vector<CommandRow> commands;
};

// In the order of --help, without what it hides.
CommandRow option_table(const CLI::App& app);

}  // namespace evalzip
