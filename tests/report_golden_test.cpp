// Reports of the sample run against tests/golden. After a wanted change, write the files anew with
//   EVALZIP_UPDATE_GOLDEN=1 ctest --preset release -R ReportGolden
// and review the difference.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "harness/record_json.h"
#include "reports/report.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

std::string render(std::string_view format, const ReportOptions& options) {
  std::ostringstream out;
  find_report_format(format).write(sample_run(), options, out);
  return out.str();
}

void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(EVALZIP_GOLDEN_FOLDER) + "/" + name;
  if (std::getenv("EVALZIP_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    GTEST_SKIP() << "wrote " << path;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " cannot be read";
  std::ostringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(actual, expected.str());
}

TEST(ReportGolden, TableOfTotals) { expect_golden("table.txt", render("table", {})); }

TEST(ReportGolden, TableOfFiles) {
  expect_golden("table_per_file.txt",
                render("table", {.columns = {}, .sort = {}, .per_file = true}));
}

TEST(ReportGolden, TableInColourSortedByRatio) {
  expect_golden("table_colour.txt",
                render("table", {.columns = {}, .sort = "ratio", .colour = true}));
}

TEST(ReportGolden, TableOfEveryColumn) {
  ReportOptions options;
  for (const Column& column : all_columns()) options.columns.emplace_back(column.name);
  options.width = 400;
  expect_golden("table_all_columns.txt", render("table", options));
}

TEST(ReportGolden, NarrowTable) {
  expect_golden("table_60.txt", render("table", {.columns = {}, .sort = {}, .width = 60}));
}

TEST(ReportGolden, GoogleBenchmark) { expect_golden("gbench.json", render("gbench", {})); }

TEST(ReportJson, IsTheRunItself) { EXPECT_EQ(parse_run(render("json", {})), sample_run()); }

}  // namespace
}  // namespace evalzip
