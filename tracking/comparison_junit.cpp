// A comparison as JUnit XML, in the dialect of Jenkins' schema: suites of cases with failure, error
// or skipped.
#include <map>

#include <fmt/format.h>

#include "tracking/ci_escape.h"
#include "tracking/comparison_format.h"

namespace evalzip {
namespace {

struct Suite {
  std::string cases;
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
};

using Suites = std::map<std::string, Suite>;

std::string open_case(const CellName& cell, std::string_view what) {
  return fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"0\">",
                     junit_text(cell.text()), junit_text(what));
}

void add_finding(const Finding& finding, Suites& suites) {
  Suite& suite = suites[finding.cell.corpus];
  const std::string change = fmt::format("{} {}", interval_words(finding), value_words(finding));
  ++suite.tests;
  suite.cases += open_case(finding.cell, finding.metric->name);
  if (finding.verdict == Verdict::regressed && finding.gates) {
    ++suite.failures;
    suite.cases += fmt::format("<failure type=\"regression\" message=\"{}\">{}</failure>",
                               junit_text(change), junit_text(finding.why));
  } else if (finding.verdict == Verdict::inconclusive) {
    ++suite.skipped;
    suite.cases += fmt::format("<skipped message=\"{}\"/>", junit_text(finding.why));
  } else {
    suite.cases += fmt::format("<system-out>{}: {}</system-out>", to_string(finding.verdict),
                               junit_text(change));
  }
  suite.cases += "</testcase>\n";
}

void add_error(const CellNote& note, const char* type, Suites& suites) {
  Suite& suite = suites[note.cell.corpus];
  ++suite.tests;
  ++suite.errors;
  suite.cases +=
      open_case(note.cell, type) + fmt::format("<error type=\"{}\" message=\"{}\"/></testcase>\n",
                                               type, junit_text(note.detail));
}

void add_skipped(const CellNote& note, const char* type, Suites& suites) {
  Suite& suite = suites[note.cell.corpus];
  ++suite.tests;
  ++suite.skipped;
  suite.cases += open_case(note.cell, type) +
                 fmt::format("<skipped message=\"{}\"/></testcase>\n", junit_text(note.detail));
}

}  // namespace

void write_comparison_junit(const Comparison& comparison, std::ostream& out) {
  Suites suites;
  for (const Finding& finding : comparison.findings) add_finding(finding, suites);
  for (const CellNote& note : comparison.broken) add_error(note, "broken", suites);
  for (const CellNote& note : comparison.remodelled) add_error(note, "another-model", suites);
  for (const CellNote& note : comparison.failed) add_error(note, "failed", suites);
  for (const CellNote& note : comparison.removed) add_skipped(note, "removed", suites);
  for (const CellNote& note : comparison.other) add_skipped(note, "other-bytes", suites);
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"evalzip\">\n";
  for (const auto& [corpus, suite] : suites) {
    out << fmt::format(
               " <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
               "time=\"0\">\n",
               junit_text(corpus), suite.tests, suite.failures, suite.errors, suite.skipped)
        << suite.cases << " </testsuite>\n";
  }
  out << "</testsuites>\n";
}

}  // namespace evalzip
