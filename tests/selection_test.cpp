#include "reports/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/columns.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

using testing::HasSubstr;

// The run of one cell on a machine.
evalzip::Run run_on(const std::string& host, const std::string& codec, Outcome outcome) {
  evalzip::Run run;
  run.environment = sample_environment();
  run.environment.host = host;
  run.complete = true;
  const SampleCell cell{"corpus", "file", codec, 1000, 500, 10, 20, 0, 0};
  run.records = {outcome == Outcome::ok ? sample_record(cell)
                                        : sample_failure(cell, outcome, "because")};
  return run;
}

TEST(Selection, PatternsMatchWholeTexts) {
  EXPECT_TRUE(filter_matches("zstd:*", "zstd:19"));
  EXPECT_TRUE(filter_matches("*", ""));
  EXPECT_TRUE(filter_matches("", ""));
  EXPECT_TRUE(filter_matches("*a*b?", "xxaybbz"));
  EXPECT_TRUE(filter_matches("**.txt", "a.txt.txt"));
  EXPECT_FALSE(filter_matches("zstd", "zstd:19"));
  EXPECT_FALSE(filter_matches("?", ""));
  EXPECT_FALSE(filter_matches("a*b", "ab c"));
}

TEST(Selection, ManyStarsCostNoTime) {
  const std::string text(2000, 'a');
  EXPECT_FALSE(filter_matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST(Selection, RunsOfOneMachineBecomeOneAndOthersStayApart) {
  const evalzip::Run runs[] = {run_on("a", "zstd:1", Outcome::ok),
                               run_on("b", "zstd:1", Outcome::ok),
                               run_on("a", "zstd:2", Outcome::ok)};
  const std::vector<evalzip::Run> hosts = runs_by_host(runs, {});
  ASSERT_EQ(hosts.size(), 2);
  EXPECT_EQ(hosts[0].environment.host, "a");
  EXPECT_EQ(hosts[0].records.size(), 2);
  EXPECT_EQ(hosts[1].records.size(), 1);
}

TEST(Selection, MachinesOfOneNameWithOtherProcessorsStayApart) {
  evalzip::Run runs[] = {run_on("a", "zstd:1", Outcome::ok), run_on("a", "zstd:1", Outcome::ok)};
  runs[1].environment.cpu = "another";
  EXPECT_EQ(runs_by_host(runs, {}).size(), 2);
}

TEST(Selection, OfACellMeasuredTwiceTheLastThatIsOkStays) {
  evalzip::Run first = run_on("a", "zstd:1", Outcome::ok), second = first;
  second.records[0].encoded_bytes = 499;
  const evalzip::Run failed = run_on("a", "zstd:1", Outcome::crashed);
  const evalzip::Run runs[] = {failed, first, second, failed};
  const std::vector<evalzip::Run> hosts = runs_by_host(runs, {});
  ASSERT_EQ(hosts.size(), 1);
  ASSERT_EQ(hosts[0].records.size(), 1);
  EXPECT_EQ(hosts[0].records[0].encoded_bytes, 499);
}

TEST(Selection, AMergedRunIsCompleteOnlyIfAllAre) {
  evalzip::Run runs[] = {run_on("a", "zstd:1", Outcome::ok), run_on("a", "zstd:2", Outcome::ok)};
  EXPECT_TRUE(runs_by_host(runs, {})[0].complete);
  runs[0].complete = false;
  EXPECT_FALSE(runs_by_host(runs, {})[0].complete);
}

TEST(Selection, EveryFilterMustLetARecordStay) {
  const evalzip::Run runs[] = {sample_run()};
  const auto count = [&](const std::vector<std::string>& filters) {
    return runs_by_host(runs, filters)[0].records.size();
  };
  EXPECT_EQ(count({"document=alice29.txt", "outcome=ok"}), 4);
  EXPECT_EQ(count({"document=alice29.txt", "codec=zstd:*|lz4"}), 3);
  EXPECT_EQ(count({"document=alice29.txt", "codec!=zstd:*|lz4"}), 3);
  EXPECT_EQ(count({"codec=none"}), 0);
}

TEST(Selection, AFilterThatIsNoneSaysHowToWriteOne) {
  for (const char* filter : {"zstd", "=x", "!=x", "speed=3", ""}) {
    try {
      runs_by_host({}, {filter});
      FAIL() << filter;
    } catch (const ReportError& error) {
      EXPECT_THAT(error.what(), HasSubstr("FIELD=PATTERN")) << filter;
    }
  }
}

TEST(Selection, WithoutRunsThereIsOneEmptyRun) { EXPECT_EQ(runs_by_host({}, {}).size(), 1); }

}  // namespace
}  // namespace evalzip
