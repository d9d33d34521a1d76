#include "reports/transfer.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/sample_run.h"

namespace evalzip {
namespace {

TransferLine line(double work_seconds, double bytes) { return {nullptr, work_seconds, bytes}; }

TEST(Transfer, FasterLinksPreferLessWork) {
  const std::vector<TransferLine> lines = {line(0, 100), line(10, 50), line(90, 40)};
  const std::vector<Reign> reigns = soonest(lines, 0.01, 1000);
  ASSERT_EQ(reigns.size(), 3);
  EXPECT_EQ(reigns[0].line, 2);
  EXPECT_EQ(reigns[1].line, 1);
  EXPECT_DOUBLE_EQ(reigns[1].from, 10.0 / 80);  // where 10 bytes less cost 80 seconds more
  EXPECT_EQ(reigns[2].line, 0);
  EXPECT_DOUBLE_EQ(reigns[2].from, 5);
}

TEST(Transfer, EverywhereTheReigningLineIsTheSoonest) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> number(0.01, 100);
    std::vector<TransferLine> lines = {line(0, 100)};
    for (int i = 0; i < 12; ++i) lines.push_back(line(number(random), number(random)));
    const std::vector<Reign> reigns = soonest(lines, 1e-3, 1e3);
    for (double bandwidth = 1e-3; bandwidth < 1e3; bandwidth *= 1.1) {
      std::size_t now = 0;
      while (now + 1 < reigns.size() && reigns[now + 1].from <= bandwidth) ++now;
      for (const TransferLine& other : lines) {
        EXPECT_LE(lines[reigns[now].line].seconds(bandwidth), other.seconds(bandwidth) * (1 + 1e-9))
            << "seed " << seed << ", bandwidth " << bandwidth;
      }
    }
  }
}

TEST(Transfer, EstimatesAndTotalsOfFewerFilesAreLeftOut) {
  evalzip::Run run;
  run.records = {sample_record({"c", "one", "a", 1000, 500, 1, 1, 0, 0}),
                 sample_record({"c", "two", "a", 1000, 500, 1, 1, 0, 0}),
                 sample_record({"c", "one", "b", 1000, 500, 1, 1, 0, 0}),
                 sample_record({"c", "one", "d", 1000, 500, 1, 1, 0, 0})};
  run.records.back().sampled_from_bytes = 9000;
  const std::vector<evalzip::Run> runs = {run};
  const std::list<PivotSet> sets = pivot_sets(runs, false, "");
  const std::vector<TransferLine> lines = transfer_lines(sets.front());
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(lines[0].row, nullptr);
  EXPECT_EQ(lines[0].bytes, 2000);
  EXPECT_EQ(lines[1].row->codec, "a");
}

}  // namespace
}  // namespace evalzip
