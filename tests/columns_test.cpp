#include "reports/columns.h"

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/best.h"
#include "tests/random_run.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

double value(std::string_view column, const Figures& figures) {
  return find_column(column).value(figures).value_or(-1);
}

Record document(std::uint64_t original, std::uint64_t encoded, std::vector<double> seconds) {
  Record record;
  record.codec = "c";
  record.corpus = "corpus";
  record.document = std::to_string(original);
  record.outcome = Outcome::ok;
  record.original_bytes = original;
  record.encoded_bytes = encoded;
  record.encode_seconds = std::move(seconds);
  return record;
}

evalzip::Run run_of(std::vector<Record> records) {
  evalzip::Run run;
  run.records = std::move(records);
  return run;
}

TEST(Columns, OfOneDocumentAreTheTextbookFormulas) {
  Record record = document(2000000, 500000, {0.5, 2, 1});
  record.ideal_bits = 3.2e6;
  record.true_entropy_bits = 2.5e6;
  record.model_bytes = 1500000;
  record.encode_peak_bytes = 3000000;
  const Figures figures = figures_of({&record});
  EXPECT_EQ(value("ratio", figures), 4);
  EXPECT_EQ(value("mean_ratio", figures), 4);
  EXPECT_EQ(value("percent", figures), 25);
  EXPECT_EQ(value("bits_per_byte", figures), 2);
  EXPECT_EQ(value("encode", figures), 2);
  EXPECT_EQ(value("encode_fastest", figures), 4);
  EXPECT_EQ(value("encode_peak", figures), 3);
  EXPECT_EQ(value("ideal", figures), 1.6);
  EXPECT_DOUBLE_EQ(value("coder_loss", figures), 25);
  EXPECT_EQ(value("entropy", figures), 1.25);
  EXPECT_DOUBLE_EQ(value("above_entropy", figures), 60);
  EXPECT_EQ(value("total_bytes", figures), 2000000);
  EXPECT_EQ(value("total_ratio", figures), 1);
}

TEST(Columns, OfAModelAreWhatItCostsAndWhenItPays) {
  Record with = document(2000000, 300000, {1}), without = document(2000000, 500000, {1});
  with.codec = "llm:model=small";
  with.model_bytes = 1500000;
  with.model_parameters = 400000;
  with.multiply_adds = 6000000;
  with.cross_entropy_bits = 2e6;
  with.ideal_bits = 2.2e6;
  const evalzip::Run run = run_of({with, without});
  const std::vector<Row> rows = rows_of_totals(run);
  const Figures& figures = *rows[0].figures;
  EXPECT_EQ(value("model_parameters", figures), 400000);
  EXPECT_EQ(value("multiply_adds", figures), 3);
  EXPECT_EQ(value("cross_entropy", figures), 1);
  EXPECT_DOUBLE_EQ(value("count_loss", figures), 10);
  // 0.15 instead of 0.25 of the data: a tenth of 15,000,000 bytes is 1,500,000.
  EXPECT_EQ(value("break_even", figures), 15000000);
  EXPECT_FALSE(find_column("break_even").value(*rows[1].figures));
}

TEST(Columns, AModelThatIsNotShorterNeverPays) {
  Record with = document(1000, 500, {1}), without = document(1000, 500, {1});
  with.codec = "llm:model=small";
  with.model_bytes = 100;
  const evalzip::Run run = run_of({with, without});
  EXPECT_FALSE(find_column("break_even").value(*rows_of_totals(run)[0].figures));
}

TEST(Columns, WhatIsAbsentHasNoValue) {
  const Record record = document(10, 5, {});
  const Figures figures = figures_of({&record});
  for (const char* name :
       {"encode", "decode", "encode_fastest", "encode_cpu", "encode_spread", "encode_peak", "ideal",
        "coder_loss", "above_entropy", "model_bytes", "model_parameters", "multiply_adds",
        "cross_entropy", "count_loss", "break_even"}) {
    EXPECT_FALSE(find_column(name).value(figures)) << name;
  }
  EXPECT_EQ(value("total_bytes", figures), 5);  // no model: nothing to add
}

TEST(Columns, OfAnEmptyDocumentAreAbsentAndNeverInfinite) {
  const Record empty = document(0, 0, {0.0, 0.0});
  const Record cheat = document(10, 0, {0.0, 0.0});
  for (const Record* record : {&empty, &cheat}) {
    const Figures figures = figures_of({record});
    EXPECT_FALSE(find_column("ratio").value(figures));
    EXPECT_FALSE(find_column("encode").value(figures));
    EXPECT_FALSE(find_column("encode").interval(figures));
  }
}

TEST(Columns, OfAnyRunAreFinite) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (const Row& row : rows_of_totals(RandomRun(seed).run())) {
      for (const Column& column : all_columns()) {
        if (!row.figures) continue;
        const auto number = column.value(*row.figures);
        ASSERT_TRUE(std::isfinite(number.value_or(0))) << column.name << " seed " << seed;
      }
    }
  }
}

TEST(Columns, IntervalOfASpeedComesFromTheIntervalOfItsSeconds) {
  const Record record = document(6000000, 1, {1, 2, 3});
  const Figures figures = figures_of({&record});
  const auto interval = find_column("encode").interval(figures);
  EXPECT_EQ(interval->low, 2);   // 6 MB in 3 s
  EXPECT_EQ(interval->high, 6);  // in 1 s
}

TEST(Totals, AreSumsAndNeverMeansOfRatios) {
  const evalzip::Run run = run_of({document(1000, 10, {1}), document(1000000, 990000, {2})});
  const std::vector<Row> rows = rows_of_totals(run);
  ASSERT_EQ(rows.size(), 1u);
  const Figures& figures = *rows.front().figures;
  EXPECT_DOUBLE_EQ(value("ratio", figures), 1001000.0 / 990010);
  EXPECT_DOUBLE_EQ(value("mean_ratio", figures), std::sqrt(100.0 * 1000000 / 990000));
  EXPECT_DOUBLE_EQ(value("encode", figures), 1.001 / 3);
}

TEST(Totals, CoverOnlyWhatIsOkAndSayHowMany) {
  Record crashed = document(50, 1, {});
  crashed.outcome = Outcome::crashed;
  const evalzip::Run run = run_of({document(1000, 10, {1}), crashed});
  const Row row = rows_of_totals(run).front();
  EXPECT_EQ(row.ok.size(), 1u);
  EXPECT_EQ(row.failed.size(), 1u);
  EXPECT_EQ(row.documents, 2u);
  EXPECT_EQ(row.figures->original_bytes, 1000u);
}

TEST(Totals, NeverMixEstimatesBlocksThreadsOrVersions) {
  std::vector<Record> records(5, document(1000, 10, {1}));
  records[1].sampled_from_bytes = 5000;
  records[2].block_bytes = 64;
  records[3].threads = 2;
  records[4].version = "2";
  const evalzip::Run run = run_of(records);
  const std::vector<Row> rows = rows_of_totals(run);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_TRUE(rows[1].estimate);
}

TEST(Totals, HaveAnOptionalOnlyIfEveryDocumentHasIt) {
  Record with = document(1000, 10, {1}), without = document(2000, 10, {1});
  with.ideal_bits = 1;
  with.encode_peak_bytes = without.encode_peak_bytes = 7;
  with.encode_peak_bytes = 9;
  const Figures figures = figures_of({&with, &without});
  EXPECT_FALSE(figures.ideal_bits);
  EXPECT_EQ(figures.encode_peak_bytes, 9u);
}

TEST(Totals, CountTheModelOnce) {
  Record first = document(1000, 10, {1}), second = document(2000, 20, {1});
  first.model_bytes = second.model_bytes = 100;
  EXPECT_EQ(value("total_bytes", figures_of({&first, &second})), 130);
}

TEST(Totals, AddHalfWidthsInQuadrature) {
  const Record first = document(1000000, 1, {9, 10, 11}),
               second = document(2000000, 1, {9, 10, 11});
  const Timing timing = *figures_of({&first, &second}).encode;
  EXPECT_EQ(timing.median_seconds, 20);
  EXPECT_DOUBLE_EQ(timing.interval->low, 20 - std::sqrt(2));
  EXPECT_DOUBLE_EQ(timing.interval->high, 20 + std::sqrt(2));
}

TEST(Columns, HaveNamesOfTheirOwnAndAnUnknownOneListsThem) {
  std::set<std::string_view> names;
  for (const Column& column : all_columns()) EXPECT_TRUE(names.insert(column.name).second);
  try {
    find_column("speed");
    FAIL();
  } catch (const ReportError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("there is no column 'speed' (known: original_"));
  }
}

TEST(FormatValue, KeepsThreeDigitsAcrossRounding) {
  const Column& speed = find_column("encode");
  EXPECT_EQ(format_value(speed, 0), "0");
  EXPECT_EQ(format_value(speed, 8120.4), "8120");
  EXPECT_EQ(format_value(speed, 99.96), "100");
  EXPECT_EQ(format_value(speed, 99.94), "99.9");
  EXPECT_EQ(format_value(speed, 9.996), "10.0");
  EXPECT_EQ(format_value(speed, 0.9996), "1.00");
  EXPECT_EQ(format_value(speed, 0.00512), "0.00512");
  EXPECT_EQ(format_value(find_column("encoded_bytes"), 1234567), "1,234,567");
  EXPECT_EQ(format_value(find_column("encoded_bytes"), 999), "999");
  EXPECT_EQ(format_value(find_column("bits_per_byte"), 2), "2.000");
}

// Encoded sizes of rows of one 1000-byte document; a size of 1000 does not compress.
std::vector<bool> best_by_size(const evalzip::Run& run) {
  const std::vector<Row> rows = rows_of_totals(run);
  const BestOfRows best(rows);
  std::vector<bool> held;
  for (const Row& row : rows) held.push_back(best.holds(row, find_column("encode")));
  return held;
}

TEST(BestOfRows, HoldsTheFastestAndWhatOverlapsItButNoCopyAndNoEstimate) {
  std::vector<Record> records = {document(1000, 1000, {0.1, 0.1, 0.1}),
                                 document(1000, 500, {2, 2, 2}), document(1000, 500, {2, 2.1, 2.2}),
                                 document(1000, 500, {3, 3, 3}),
                                 document(1000, 500, {0.1, 0.1, 0.1})};
  for (std::size_t i = 0; i < records.size(); ++i) records[i].codec = std::to_string(i);
  records[4].sampled_from_bytes = 5000;
  EXPECT_THAT(best_by_size(run_of(records)), testing::ElementsAre(false, true, true, false, false));
}

TEST(BestOfRows, ComparesRowsOfTheSameDocumentsOnly) {
  std::vector<Record> records = {document(1000, 500, {2, 2}), document(2000, 500, {2, 2}),
                                 document(1000, 500, {1, 1}), document(1000, 400, {3, 3}),
                                 document(2000, 400, {3, 3})};
  records[2].codec = "only one document";
  records[3].codec = records[4].codec = "slower";
  EXPECT_THAT(best_by_size(run_of(records)), testing::ElementsAre(true, false, false));
}

}  // namespace
}  // namespace evalzip
