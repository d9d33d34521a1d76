// Advice from made-up runs whose best codec can be worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/advice.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Record record(const std::string& codec, double ratio, double encode_rate, double decode_rate) {
  Record record;
  record.codec = codec;
  record.corpus = "made up";
  record.document = "file";
  record.outcome = Outcome::ok;
  record.original_bytes = 100'000'000;
  record.encoded_bytes = static_cast<std::uint64_t>(1e8 / ratio);
  record.encode_seconds = {1e8 / encode_rate};
  record.decode_seconds = {1e8 / decode_rate};
  record.encode_rounds = record.decode_rounds = {0};
  record.encode_peak_bytes = record.decode_peak_bytes = 1'000'000;
  return record;
}

// 2 : 1 at 1 GB/s, 4 : 1 at 10 MB/s.
evalzip::Run fast_and_strong() {
  evalzip::Run run;
  run.records = {record("fast", 2, 1e9, 1e9), record("strong", 4, 10e6, 10e6)};
  return run;
}

std::string best(const evalzip::Run& run, Purpose purpose, const AdviceSettings& settings) {
  const auto on = advise(run, settings);
  const Advice& advice = on.at(0).advice.at(static_cast<std::size_t>(purpose));
  return on[0].options[advice.order[0]].name;
}

TEST(Advice, SendingIsCheapestByTheSumOfItsParts) {
  // Of 1 GB over x bytes/s: none 1e9 / x; fast 2 + 5e8 / x; strong 200 + 2.5e8 / x.
  EXPECT_EQ(best(fast_and_strong(), Purpose::sending, {.link = 1e6}), "strong");  // 450 s
  EXPECT_EQ(best(fast_and_strong(), Purpose::sending, {.link = 2e6}), "fast");    // 252 s
  EXPECT_EQ(best(fast_and_strong(), Purpose::sending, {.link = 1e9}), "no compression");
}

TEST(Advice, TheBandwidthsBetweenWhichItHoldsAreTheCrossings) {
  const auto on = advise(fast_and_strong(), {.link = 1e7});
  const Advice& sending = on[0].advice[0];
  EXPECT_EQ(on[0].options[sending.order[0]].name, "fast");
  EXPECT_NEAR(sending.least_bandwidth, 2.5e8 / 198, 1);  // 5e8 / x + 2 = 2.5e8 / x + 200
  EXPECT_NEAR(sending.most_bandwidth, 2.5e8, 1);         // 5e8 / x + 2 = 1e9 / x
}

TEST(Advice, ReadsCountForTheirDecodingAndTheirBytes) {
  evalzip::Run run;
  run.records = {record("slow to decode", 3, 1e9, 20e6), record("slow to encode", 3, 20e6, 1e9)};
  EXPECT_EQ(best(run, Purpose::sending, {.link = 1e6, .reads = 0.5}), "slow to decode");
  EXPECT_EQ(best(run, Purpose::sending, {.link = 1e6, .reads = 2}), "slow to encode");
  EXPECT_EQ(best(run, Purpose::loading, {.disk = 1e6}), "slow to encode");
}

TEST(Advice, StoringWeighsBytesAgainstCpu) {
  const AdviceSettings kept{.cpu_hour_price = 1, .gigabyte_month_price = 1, .months = 12};
  EXPECT_EQ(best(fast_and_strong(), Purpose::storing, kept), "strong");  // 3.06 against 6.001
  AdviceSettings briefly = kept;
  briefly.months = 0.1;  // fast: 0.05 + 0.0006; strong: 0.025 + 0.056; none: 0.1
  EXPECT_EQ(best(fast_and_strong(), Purpose::storing, briefly), "fast");
}

TEST(Advice, WhatTakesTooMuchMemoryIsLeftOutAndNamed) {
  evalzip::Run run = fast_and_strong();
  run.records[1].decode_peak_bytes = 300'000'000;
  const auto on = advise(run, {.link = 1e6, .memory_bytes = 256'000'000});
  EXPECT_THAT(on[0].too_large, ElementsAre("strong"));
  EXPECT_EQ(on[0].options[on[0].advice[0].order[0]].name, "fast");
}

TEST(Advice, SaysWhatItCostsToBeWrong) {
  const auto on = advise(fast_and_strong(), {.link = 1e7});
  const Regret& slower = on[0].advice[0].regrets.at(0);  // 1 MB/s: fast 502 s, strong 450 s
  EXPECT_EQ(on[0].options[slower.best].name, "strong");
  EXPECT_NEAR(slower.excess, 502.0 / 450 - 1, 1e-9);
}

TEST(Advice, OptionsWithinTheIntervalAreCalledEqual) {
  evalzip::Run run;
  run.records = {record("a", 2, 1e8, 1e8), record("b", 2, 1.01e8, 1e8)};
  for (Record& each : run.records) {
    const double middle = each.encode_seconds[0];
    each.encode_seconds = {0.95 * middle, middle, 1.05 * middle};
    each.encode_rounds = {0, 1, 2};
  }
  const auto on = advise(run, {.link = 1e6});
  EXPECT_EQ(on[0].advice[0].equals.size(), 1u);
  EXPECT_THAT(advice_text(on[0], {.link = 1e6}), HasSubstr("(within the intervals)"));
}

TEST(Advice, WeightsAreSentOnceWithTheData) {
  evalzip::Run run = fast_and_strong();
  run.records[1].model_bytes = 50'000'000;  // half of the 100 MB: 5e8 more in 1 GB
  const auto on = advise(run, {});
  EXPECT_DOUBLE_EQ(on[0].options[2].bytes, 7.5e8);
}

TEST(Advice, FrontsHoldWhatNothingBeatsInBoth) {
  evalzip::Run run = fast_and_strong();
  run.records.push_back(record("beaten", 1.9, 0.5e9, 0.5e9));
  const auto on = advise(run, {});
  EXPECT_TRUE(on[0].options[1].fastest_encoder);
  EXPECT_FALSE(on[0].options[3].fastest_encoder);
  EXPECT_FALSE(on[0].options[3].fastest_decoder);
}

TEST(Advice, CostsOfNothingAreNumbersToo) {
  for (const AdviceSettings& settings :
       {AdviceSettings{.reads = 0},
        AdviceSettings{.cpu_hour_price = 0, .gigabyte_month_price = 0}}) {
    const auto on = advise(fast_and_strong(), settings);
    EXPECT_THAT(advice_text(on[0], settings), testing::Not(HasSubstr("nan")));
    EXPECT_THAT(advice_json(on, settings), testing::Not(HasSubstr("null")));
  }
}

TEST(Advice, OfNothingIsNone) {
  EXPECT_THAT(advise({}, {}), IsEmpty());
  evalzip::Run run;
  run.records = {record("empty", 1, 1e9, 1e9)};
  run.records[0].original_bytes = run.records[0].encoded_bytes.emplace(0);
  EXPECT_THAT(advise(run, {}), IsEmpty());
}

TEST(Advice, JsonNamesTheSameBest) {
  const AdviceSettings settings{.link = 1e7};
  const auto json =
      nlohmann::json::parse(advice_json(advise(fast_and_strong(), settings), settings));
  EXPECT_EQ(json[0]["advice"][0]["purpose"], "sending");
  EXPECT_EQ(json[0]["advice"][0]["best"], "fast");
  EXPECT_EQ(json[0]["advice"][0]["ranking"].size(), 3u);
}

}  // namespace
}  // namespace evalzip
