#include "reports/pareto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sample_run.h"

namespace evalzip {
namespace {

using testing::ElementsAre;

struct Setting {
  std::string codec;
  std::uint64_t encoded;
  double speed;
};

std::vector<std::string> standings(const std::vector<Setting>& settings) {
  evalzip::Run run;
  for (const Setting& setting : settings) {
    run.records.push_back(sample_record({"c", "file", setting.codec, 1'000'000, setting.encoded,
                                         setting.speed, setting.speed, 0, 0}));
    if (setting.codec == "sampled") run.records.back().sampled_from_bytes = 9'000'000;
  }
  const std::vector<evalzip::Run> runs = {run};
  const std::list<PivotSet> sets = pivot_sets(runs, false, "");
  const CodecLabels labels(sets);
  std::vector<std::string> texts;
  for (const ParetoPoint& point : pareto_points(sets.front(), labels, Direction::encode)) {
    constexpr const char* kWords[] = {"front", "tied", "dominated"};
    texts.push_back(point.name + " " + kWords[static_cast<int>(point.standing)]);
  }
  return texts;
}

TEST(Pareto, ThoseThatNobodyBeatsInBothAreTheFront) {
  EXPECT_THAT(standings({{"strong", 100'000, 1}, {"beaten", 300'000, 5}, {"quick", 200'000, 10}}),
              ElementsAre("strong front", "quick front", "beaten dominated"));
}

TEST(Pareto, SlowerOnlyWithinTheIntervalsIsATie) {
  EXPECT_THAT(standings({{"a", 200'000, 10}, {"b", 200'001, 9.99}}),
              ElementsAre("a front", "b tied"));
}

TEST(Pareto, EqualSettingsAreOneOnTheFrontAndOneTied) {
  EXPECT_THAT(standings({{"a", 200'000, 10}, {"b", 200'000, 10}}),
              ElementsAre("a front", "b tied"));
}

TEST(Pareto, EstimatesDoNotCompeteAndCopiesAreLeftOut) {
  EXPECT_THAT(standings({{"sampled", 1'000, 99}, {"a", 200'000, 10}, {"store", 1'000'000, 9'000}}),
              ElementsAre("~sampled dominated", "a front"));
}

TEST(Pareto, FamiliesShareTheNameBeforeTheColon) {
  EXPECT_EQ(codec_family("zstd:19,long=27"), "zstd");
  EXPECT_EQ(codec_family("lz4"), "lz4");
}

}  // namespace
}  // namespace evalzip
