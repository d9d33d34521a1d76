#include "reports/pivot.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/selection.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class Made {
 public:
  Made& cell(const std::string& corpus, const std::string& codec, std::uint64_t encoded,
             double speed, const std::string& document = "file") {
    run_.records.push_back(
        sample_record({corpus, document, codec, 1'000'000, encoded, speed, 2 * speed, 0, 0}));
    return *this;
  }
  Made& on(const std::string& host) {
    run_.environment.host = host;
    return *this;
  }
  evalzip::Run run() const { return run_; }

 private:
  evalzip::Run run_{.environment = sample_environment(), .complete = true};
};

Pivot pivot(const std::vector<evalzip::Run>& runs, const ReportOptions& options = {}) {
  return pivot_of(runs_by_host(runs, options.filters), options);
}

std::vector<std::string> labels(const Pivot& pivot) {
  std::vector<std::string> labels;
  for (const PivotRow& row : pivot.rows) labels.push_back(row.labels.front());
  return labels;
}

const PivotCell& cell(const Pivot& pivot, std::size_t row, std::string_view column,
                      std::string_view group = "") {
  const auto found = std::ranges::find_if(pivot.columns, [&](const PivotColumn& shown) {
    return shown.column->name == column && shown.group == group;
  });
  return pivot.rows.at(row).cells.at(static_cast<std::size_t>(found - pivot.columns.begin()));
}

TEST(Pivot, CodecsGoDownAndCorporaAcross) {
  const Pivot table = pivot({Made()
                                 .cell("one", "a", 500'000, 10)
                                 .cell("one", "b", 400'000, 10)
                                 .cell("two", "a", 300'000, 10)
                                 .run()});
  EXPECT_THAT(labels(table), ElementsAre("a", "b"));
  EXPECT_DOUBLE_EQ(*cell(table, 0, "ratio", "one").value, 2);
  EXPECT_DOUBLE_EQ(*cell(table, 1, "ratio", "one").value, 2.5);
  EXPECT_FALSE(cell(table, 1, "ratio", "two").value.has_value());
}

TEST(Pivot, BoldAreTheBestAndAllWhoseIntervalsOverlapItsOwn) {
  // The samples of sample_record() spread by about a percent.
  const Pivot table = pivot({Made()
                                 .cell("c", "fastest", 500'000, 100)
                                 .cell("c", "as fast", 500'001, 99.9)
                                 .cell("c", "slow", 400'000, 50)
                                 .run()});
  EXPECT_TRUE(cell(table, 0, "encode").best);
  EXPECT_TRUE(cell(table, 1, "encode").best);
  EXPECT_FALSE(cell(table, 2, "encode").best);
  EXPECT_FALSE(cell(table, 0, "ratio").best);
  EXPECT_TRUE(cell(table, 2, "ratio").best);
}

TEST(Pivot, SpeedsOfTwoMachinesNeverShareAColumnAndSizesDo) {
  const Pivot table =
      pivot({Made().on("x").cell("c", "a", 500'000, 10).cell("c", "b", 1000, 9).run(),
             Made().on("y").cell("c", "a", 500'000, 99).run()});
  std::vector<std::string> columns;
  for (const PivotColumn& column : table.columns) {
    columns.push_back(std::string(column.column->name) + column.host);
  }
  EXPECT_THAT(columns, ElementsAre("encoded_bytes", "ratio", "bits_per_byte", "encodeA", "encodeB",
                                   "decodeA", "decodeB"));
  EXPECT_NEAR(*table.rows[0].cells[3].value, 10, 0.2);
  EXPECT_NEAR(*table.rows[0].cells[4].value, 99, 2);
  EXPECT_FALSE(table.rows[1].cells[4].value.has_value());
  // One speed alone in its column, on its machine, has beaten nobody.
  EXPECT_FALSE(table.rows[0].cells[4].best);
  EXPECT_EQ(table.hosts.size(), 2);
}

TEST(Pivot, AgainstABaselineValuesAreMultiplesWithIntervalsOfBoth) {
  ReportOptions options;
  options.baseline = "a";
  const Pivot table =
      pivot({Made().cell("c", "a", 500'000, 10).cell("c", "b", 250'000, 20).run()}, options);
  EXPECT_EQ(cell(table, 0, "encode").value, 1);
  EXPECT_FALSE(cell(table, 0, "encode").interval.has_value());
  EXPECT_DOUBLE_EQ(*cell(table, 1, "encode").value, 2);
  const Interval95 both = cell(table, 1, "encode").interval.value();
  const Pivot alone = pivot({Made().cell("c", "b", 250'000, 20).cell("c", "d", 1, 1).run()});
  const Interval95 own = cell(alone, 0, "encode").interval.value();
  EXPECT_LT(both.low, 2 * own.low / *cell(alone, 0, "encode").value);
  EXPECT_GT(both.high, 2 * own.high / *cell(alone, 0, "encode").value);
  EXPECT_EQ(cell_number(table, table.columns.front(), table.rows[1].cells.front()), "0.500×");
}

TEST(Pivot, ABaselineThatNobodyHasNamesTheCodecs) {
  ReportOptions options;
  options.baseline = "zz";
  try {
    pivot({Made().cell("c", "a", 500'000, 10).run()}, options);
    FAIL();
  } catch (const ReportError& error) {
    EXPECT_THAT(error.what(), HasSubstr("codecs: a"));
  }
}

TEST(Pivot, NothingIsAMultipleOfABaselineOfOtherFiles) {
  ReportOptions options;
  options.baseline = "a";
  const Pivot table = pivot({Made()
                                 .cell("c", "a", 500'000, 10, "one")
                                 .cell("c", "b", 500'000, 10, "one")
                                 .cell("c", "b", 500'000, 10, "two")
                                 .run()},
                            options);
  EXPECT_FALSE(cell(table, 1, "ratio").value.has_value());
  EXPECT_TRUE(cell(table, 0, "ratio").partial);
}

TEST(Pivot, EstimatesComeLastAndAreNeverTheBest) {
  evalzip::Run run = Made()
                         .cell("c", "sampled", 1'000, 900)
                         .cell("c", "a", 500'000, 10)
                         .cell("c", "b", 500'000, 1)
                         .run();
  run.records[0].sampled_from_bytes = 9'000'000;
  const Pivot table = pivot({run});
  EXPECT_THAT(labels(table), ElementsAre("a", "b", "~sampled"));
  for (const PivotCell& cell : table.rows[2].cells) EXPECT_FALSE(cell.best);
  EXPECT_TRUE(cell(table, 0, "encode").best);
  ReportOptions options;
  options.sort = "ratio";
  EXPECT_THAT(labels(pivot({run}, options)), ElementsAre("a", "b", "~sampled"));
}

TEST(Pivot, AnEstimateAndAWholeMeasurementOfOneCodecAreTwoRows) {
  evalzip::Run run = Made().cell("c", "a", 500'000, 10).cell("c", "a", 1'000, 10, "other").run();
  run.records[1].sampled_from_bytes = 9'000'000;
  EXPECT_THAT(labels(pivot({run})), ElementsAre("a", "~a"));
}

TEST(Pivot, SortsByAColumnBestFirstAndAbsentValuesLast) {
  evalzip::Run run = Made()
                         .cell("c", "a", 500'000, 10)
                         .cell("c", "b", 300'000, 30)
                         .cell("c", "d", 400'000, 20)
                         .run();
  run.records.insert(run.records.begin(), sample_failure({"c", "file", "broken", 1'000'000},
                                                         Outcome::crashed, "signal 11"));
  ReportOptions options;
  options.sort = "encode";
  EXPECT_THAT(labels(pivot({run}, options)), ElementsAre("b", "d", "a", "broken"));
  options.sort = "encoded_bytes";
  EXPECT_THAT(labels(pivot({run}, options)), ElementsAre("b", "d", "a", "broken"));
  options.sort = "codec";
  EXPECT_THAT(labels(pivot({run}, options)), ElementsAre("a", "b", "broken", "d"));
  EXPECT_EQ(pivot({run}).rows.front().cells.front().failure, "crashed");
}

TEST(Pivot, RowsOfDocumentsHaveCodecsAcross) {
  ReportOptions options;
  options.rows = {"corpus", "document"};
  options.columns = {"ratio"};
  const Pivot table = pivot({Made()
                                 .cell("c", "a", 500'000, 10, "one")
                                 .cell("c", "a", 250'000, 10, "two")
                                 .cell("c", "b", 100'000, 10, "one")
                                 .run()},
                            options);
  EXPECT_THAT(table.label_titles, ElementsAre("corpus", "document"));
  EXPECT_THAT(table.rows[1].labels, ElementsAre("c", "two"));
  EXPECT_DOUBLE_EQ(*cell(table, 1, "ratio", "a").value, 4);
  EXPECT_TRUE(cell(table, 0, "ratio", "b").best);
}

TEST(Pivot, AnUnknownRowColumnOrSortIsRefused) {
  ReportOptions rows, sort, hidden;
  rows.rows = {"host"};
  sort.sort = "speed";
  hidden.sort = "model_bytes";
  for (const ReportOptions& options : {rows, sort, hidden}) {
    EXPECT_THROW(pivot({Made().cell("c", "a", 500'000, 10).run()}, options), ReportError);
  }
}

TEST(Pivot, EqualNamesOfTwoVersionsStayApart) {
  evalzip::Run run = Made().cell("c", "a", 500'000, 10).cell("c", "a", 400'000, 10).run();
  run.records[1].version = "2.0";
  EXPECT_THAT(labels(pivot({run})), ElementsAre("a v1.0", "a v2.0"));
}

}  // namespace
}  // namespace evalzip
