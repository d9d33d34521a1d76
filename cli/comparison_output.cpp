#include "cli/comparison_output.h"

#include <iostream>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "harness/output_file.h"
#include "tracking/comparison_format.h"

namespace evalzip {
namespace {

std::pair<const ComparisonFormat*, std::string> destination(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals + 1 == text.size()) {
    throw ComparisonError(
        fmt::format("--write {}: must be FORMAT=FILE, for example junit=evalzip.xml", text));
  }
  return {&find_comparison_format(text.substr(0, equals)), text.substr(equals + 1)};
}

int exit_code(const Comparison& comparison, bool strict) {
  if (!comparison.broken.empty()) return kExitIntegrity;
  if (comparison.regressed()) return kExitRegression;
  if (!comparison.failed.empty()) return kExitCellsFailed;
  const bool open = comparison.count(Verdict::inconclusive) != 0 || !comparison.removed.empty() ||
                    !comparison.other.empty();
  return strict && open ? kExitInconclusive : kExitOk;
}

}  // namespace

void add_comparison_output(CLI::App& app, ComparisonOutput& output) {
  app.add_option("--format", output.format,
                 "text, json, junit, github-summary, github-comment, github-annotations [text]")
      ->group("Output");
  app.add_option("--write", output.files, "Also write this format to this file; may be repeated")
      ->type_name("FORMAT=FILE")
      ->group("Output");
  app.add_flag("--strict", output.strict,
               "Exit with 5 if something is inconclusive or no longer measured")
      ->group("Output");
}

void check_comparison_output(const ComparisonOutput& output) {
  find_comparison_format(output.format);
  for (const std::string& text : output.files) check_writable(destination(text).second);
}

int show_comparison(const Comparison& comparison, const ComparisonOutput& output) {
  find_comparison_format(output.format).write(comparison, std::cout);
  std::cout << std::flush;
  for (const std::string& text : output.files) {
    const auto [format, file] = destination(text);
    std::ostringstream content;
    format->write(comparison, content);
    write_file(file, content.str());
  }
  return exit_code(comparison, output.strict);
}

}  // namespace evalzip
