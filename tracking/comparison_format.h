// The formats in which a comparison can be shown: one row each, each a function of the comparison
// alone.
#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "tracking/comparison.h"

namespace evalzip {

struct ComparisonFormat {
  std::string_view name;  // as the user types it: "junit"
  std::string_view summary;
  void (*write)(const Comparison& comparison, std::ostream& out);
};

std::span<const ComparisonFormat> comparison_formats();

// Throws ComparisonError that lists the known names.
const ComparisonFormat& find_comparison_format(std::string_view name);

// The writers, one file each.
void write_comparison_text(const Comparison& comparison, std::ostream& out);
void write_comparison_json(const Comparison& comparison, std::ostream& out);
// JUnit XML: a suite for each corpus, a case for each metric of each cell.
void write_comparison_junit(const Comparison& comparison, std::ostream& out);
// Markdown for $GITHUB_STEP_SUMMARY, below its limit of 1 MiB.
void write_github_summary(const Comparison& comparison, std::ostream& out);
// Markdown for a comment on a pull request, below 64 kB, with a marker to find it again by. Empty
// if there is nothing to tell.
void write_github_comment(const Comparison& comparison, std::ostream& out);
// Workflow commands for standard output: at most ten of a kind, as GitHub shows.
void write_github_annotations(const Comparison& comparison, std::ostream& out);

// Shared words: "+1.23 %", "101,230 -> 101,231 bytes", "+8.1 % [+7.0 %, +9.2 %]".
std::string change_words(double ratio);
std::string value_words(const Finding& finding);
std::string interval_words(const Finding& finding);

// "2 regressed, 1 improved, 14 unchanged": what is 0 is left out.
std::string count_words(const Comparison& comparison);

}  // namespace evalzip
