// Reports of the sample run against tests/golden. After a wanted change, write the files anew with
//   EVALZIP_UPDATE_GOLDEN=1 ctest --preset release -R ReportGolden
// and review the difference.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/record_json.h"
#include "reports/artifact.h"
#include "reports/charts.h"
#include "reports/page_assets.h"
#include "reports/report.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

std::string render(std::string_view format, const ReportOptions& options) {
  std::ostringstream out;
  const std::vector<evalzip::Run> runs = {sample_run()};
  find_report_format(format).write(runs, options, out);
  return out.str();
}

void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(EVALZIP_GOLDEN_FOLDER) + "/" + name;
  if (std::getenv("EVALZIP_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
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

TEST(ReportGolden, Markdown) { expect_golden("markdown.md", render("markdown", {})); }

TEST(ReportGolden, MarkdownOfOneCorpusAgainstABaseline) {
  ReportOptions options;
  options.baseline = "zstd:1";
  options.filters = {"corpus=canterbury", "codec!=h*"};
  expect_golden("markdown_baseline.md", render("markdown", options));
}

TEST(ReportGolden, MarkdownOfDocuments) {
  ReportOptions options;
  options.rows = {"corpus", "document"};
  options.filters = {"corpus=canterbury|enwik8"};
  options.columns = {"ratio"};
  expect_golden("markdown_documents.md", render("markdown", options));
}

TEST(ReportGolden, Csv) { expect_golden("totals.csv", render("csv", {})); }

TEST(ReportGolden, CsvOfFiles) {
  ReportOptions options;
  options.per_file = true;
  options.columns = {"ratio", "encode"};
  expect_golden("documents.csv", render("csv", options));
}

TEST(ReportGolden, Latex) { expect_golden("report.tex", render("latex", {})); }

TEST(ReportGolden, LatexTableAgainstABaseline) {
  ReportOptions options;
  options.baseline = "zstd:1";
  options.filters = {"corpus=canterbury"};
  expect_golden("table_baseline.tex", render("latex-table", options));
}

TEST(ReportGolden, LatexFigure) { expect_golden("figure.tex", render("latex-figure", {})); }

TEST(ReportGolden, Charts) {
  for (const Chart& chart : all_charts()) {
    SCOPED_TRACE(chart.name);
    ReportOptions options;
    options.chart = chart.name;
    expect_golden(std::string(chart.name) + ".svg", render("svg", options));
  }
}

// Erases every span of `text` from a `head` to the end of the next `tail`.
void erase_spans(std::string& text, std::string_view head, std::string_view tail) {
  for (std::size_t at = text.find(head); at != text.npos; at = text.find(head, at)) {
    const std::size_t end = text.find(tail, at + head.size());
    ASSERT_NE(end, text.npos);
    text.erase(at, end + tail.size() - at);
  }
}

// The page without what the build packs into it: style sheet, script, chart library.
TEST(ReportGolden, PageWithoutItsAssets) {
  std::string page = render("html", {});
  const PageAssets assets = page_assets();
  std::vector<std::string> packed = assets.libraries;
  packed.push_back(assets.script);
  packed.push_back(assets.style + svg_style());
  for (const std::string& text : packed) {
    const std::size_t at = page.find(text);
    ASSERT_NE(at, page.npos);
    page.erase(at, text.size());
  }
  erase_spans(page, " 'sha256-", "'");
  erase_spans(page, "<script></script>", "\n");
  expect_golden("page.html", page);
}

TEST(ReportGolden, FilesOfABundle) {
  std::string listing;
  std::vector<evalzip::Run> runs = {sample_run()};
  runs.front().environment.arguments = {"run", "--corpus", "it's mine", "--out", "x.json"};
  for (const ArtifactFile& file : artifact_files(runs, {})) {
    listing += file.path + (file.executable ? " (executable)\n" : "\n");
    const bool is_own_text =
        file.path == "README.md" || file.path == "environment.txt" || file.path == "corpora.tsv";
    if (is_own_text) listing += file.text + "----\n";
    if (file.path == "reproduce.sh") expect_golden("reproduce.sh", file.text);
  }
  expect_golden("artifact.txt", listing);
}

TEST(ReportJson, IsTheRunItself) { EXPECT_EQ(parse_run(render("json", {})), sample_run()); }

}  // namespace
}  // namespace evalzip
