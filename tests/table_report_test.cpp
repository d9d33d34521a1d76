#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/utf8.h"
#include "reports/printable.h"
#include "reports/report.h"
#include "reports/text_grid.h"
#include "tests/random_run.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string table(const evalzip::Run& run, const ReportOptions& options = {}) {
  std::ostringstream out;
  find_report_format("table").write(std::span(&run, 1), options, out);
  return out.str();
}

TEST(TableReport, FitsEveryWidthFrom60) {
  for (std::size_t width = 60; width <= 200; width += 7) {
    std::istringstream lines(table(sample_run(), {.columns = {}, .sort = {}, .width = width}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
}

TEST(TableReport, SaysWhatTheDataAllowWhereAllDocumentsKnow) {
  evalzip::Run run = sample_run();
  std::erase_if(run.records, [](const Record& record) { return record.corpus != "canterbury"; });
  EXPECT_THAT(table(run), Not(HasSubstr("entropy")));
  for (Record& record : run.records) {
    record.order_0_bits = 4.0 * static_cast<double>(record.original_bytes);
  }
  EXPECT_THAT(table(run), HasSubstr("bytes, order-0 entropy 4.000 bits/byte, best known 0.735\n"));
  for (Record& record : run.records) {
    record.order_2_bits = 2.5 * static_cast<double>(record.original_bytes);
  }
  EXPECT_THAT(
      table(run, {.columns = {}, .sort = {}, .width = 60}),
      HasSubstr("bytes\n  order-0 entropy 4.000 bits/byte, order-2 2.500, best known 0.735\n"));
  for (Record& record : run.records) {
    record.ctw_bits = 0.5 * static_cast<double>(record.original_bytes);
  }
  EXPECT_THAT(table(run), HasSubstr("order-2 2.500, CTW 0.500, best known 0.469\n"));
  for (Record& record : run.records) {
    if (record.document == run.records.front().document) record.order_2_bits.reset();
  }
  EXPECT_THAT(table(run), Not(HasSubstr("order-2")));
}

TEST(TableReport, SaysWhatAModelCostsWhenItPaysAndWhatItHasRead) {
  evalzip::Run run;
  run.records = {
      sample_record({"texts", "book", "llm:model=small", 1000000, 200000, 0.1, 0.1, 5000000, 1}),
      sample_record({"texts", "book", "zstd:19", 1000000, 300000, 2, 500, 1, 1})};
  Record& record = run.records[0];
  record.model_bytes = 4000000;
  record.model_parameters = 2000000;
  record.multiply_adds = 600000000000;
  const auto note = [&] {
    std::string text = table(run, {.columns = {}, .sort = {}, .width = 1000});
    return text.substr(text.find("llm:model=small: "));
  };
  EXPECT_THAT(note(), HasSubstr("200,000 bytes and 4,000,000 of weights are 4,200,000; the weights "
                                "pay from 40,000,000 bytes of such data on. 2,000,000 parameters, "
                                "600,000 multiply-adds a byte, 5.0 MB of memory. No manifest says "
                                "what it was trained on.\n"));
  record.contamination = "Old books.";
  EXPECT_THAT(note(), HasSubstr("Contamination: Old books.\n"));
  run.records[1].encoded_bytes = 200000;
  EXPECT_THAT(note(), HasSubstr("is as short, so they never pay. "));
}

TEST(TableReport, SaysOnceWhatToDoAboutAMissingModel) {
  evalzip::Run run;
  for (const char* document : {"a", "b"}) {
    Record record = sample_failure({"texts", document, "llm:model=small", 1000}, Outcome::missing,
                                   "the model small is wanted; fetch it");
    record.sha256 = "0";
    run.records.push_back(record);
  }
  const std::string text = table(run, {.columns = {}, .sort = {}, .width = 200});
  const std::string note = "\nllm:model=small: the model small is wanted; fetch it.\n";
  ASSERT_THAT(text, HasSubstr(note));
  EXPECT_EQ(text.find(note, text.find(note) + 1), text.npos);
  EXPECT_THAT(text, Not(HasSubstr("corpus fetch")));
  run.records[0].sha256.clear();
  EXPECT_THAT(table(run), HasSubstr("corpus fetch"));
}

TEST(TableReport, NeverDropsAskedColumnsAndSaysWhichItDropped) {
  const std::string narrow = table(sample_run(), {.columns = {}, .sort = {}, .width = 70});
  EXPECT_THAT(narrow, HasSubstr("Left out to fit 70 columns: "));
  const std::string asked = table(
      sample_run(), {.columns = {"encode_peak", "decode_peak", "ratio"}, .sort = {}, .width = 20});
  EXPECT_THAT(asked, Not(HasSubstr("Left out")));
  EXPECT_THAT(asked, HasSubstr("peak MB  peak MB   ratio"));
}

TEST(TableReport, ColourIsAllThatColourChanges) {
  std::string coloured = table(sample_run(), {.columns = {}, .sort = {}, .colour = true});
  for (const char* code : {"0", "1", "2", "31", "33"}) {
    const std::string escape = std::string("\x1b[") + code + "m";
    for (std::size_t at; (at = coloured.find(escape)) != coloured.npos;) {
      coloured.erase(at, escape.size());
    }
  }
  const std::size_t note = coloured.find("Bold: ");
  ASSERT_NE(note, coloured.npos);
  coloured.erase(note, coloured.find("Left out") - note);
  EXPECT_EQ(coloured, table(sample_run()));
}

TEST(TableReport, SortsBestFirstAndWithoutValueLast) {
  const std::string text = table(sample_run(), {.columns = {}, .sort = "encode"});
  EXPECT_LT(text.find("\nstore "), text.find("\nzstd:1 "));
  EXPECT_LT(text.find("\nzstd:1 "), text.find("\nlz4 "));
  EXPECT_LT(text.find("\nlz4 "), text.find("\nzstd:19 "));
  EXPECT_LT(text.find("\nzstd:19 "), text.find("\nhog "));
  EXPECT_THROW(table(sample_run(), {.columns = {}, .sort = "speed"}), ReportError);
  EXPECT_THROW(table(sample_run(), {.columns = {"speed"}, .sort = {}}), ReportError);
}

TEST(TableReport, NamesEveryFailureAndMissingFile) {
  for (const bool per_file : {false, true}) {
    const std::string text = table(sample_run(), {.columns = {}, .sort = {}, .per_file = per_file});
    for (const char* reason : {"crashed", "timed out", "out of memory", "skipped", "mismatch: ",
                               "fault: ", "threw: ", "missing  sum: not in any corpus folder"}) {
      EXPECT_THAT(text, HasSubstr(reason));
    }
  }
}

TEST(TableReport, OfNoCellsSaysSo) { EXPECT_THAT(table({}), HasSubstr("The run has no cells.")); }

TEST(TableReport, OfAnyRunIsSafeUtf8AndTheSameAgain) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const evalzip::Run run = RandomRun(seed).run();
    const ReportOptions options = {.columns = {}, .sort = "ratio", .per_file = seed % 2 == 0};
    const std::string text = table(run, options);
    ASSERT_EQ(text, table(run, options)) << "seed " << seed;
    for (std::string_view rest = text; !rest.empty();) {
      const auto point = first_code_point(rest);
      ASSERT_TRUE(point) << "seed " << seed;
      ASSERT_TRUE(point->value >= 0x20 || point->value == '\n') << "seed " << seed;
      rest.remove_prefix(point->bytes);
    }
  }
}

TEST(ReportFormats, AreFoundByNameAndAnUnknownOneListsThem) {
  EXPECT_EQ(find_report_format("gbench").extension, "json");
  try {
    find_report_format("pdf");
    FAIL();
  } catch (const ReportError& error) {
    EXPECT_STREQ(error.what(),
                 "there is no report format 'pdf' (known: table, markdown, csv, latex, "
                 "latex-table, latex-figure, svg, html, artifact, json, gbench, benchmark-sizes, "
                 "benchmark-times, bmf, openmetrics)");
  }
}

TEST(Wrapped, BreaksAtSpacesAndIndents) {
  EXPECT_EQ(wrapped("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrapped("a verylongword b", 5, 1), "a\n verylongword\n b");
  EXPECT_EQ(wrapped("", 5, 1), "");
  EXPECT_EQ(wrapped("label     note that wraps", 17, 10),
            "label     note\n          that\n          wraps");
}

}  // namespace
}  // namespace evalzip
