// How `compare` and `ab` show their result and what they exit with.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tracking/comparison.h"

namespace evalzip {

struct ComparisonOutput {
  std::string format = "text";
  std::vector<std::string> files;  // FORMAT=FILE
  bool strict = false;
};

void add_comparison_output(CLI::App& app, ComparisonOutput& output);

// Throws ComparisonError or std::system_error for a format that does not exist or a file that
// cannot be written: called before anything is measured.
void check_comparison_output(const ComparisonOutput& output);

// Writes what was asked for; returns the exit code. 4 before 1 before 3 before 5.
int show_comparison(const Comparison& comparison, const ComparisonOutput& output);

}  // namespace evalzip
