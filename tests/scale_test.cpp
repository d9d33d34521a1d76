#include "reports/scale.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalzip {
namespace {

using testing::ElementsAre;

std::vector<std::string> labels(const Scale& scale, int most) {
  std::vector<std::string> texts;
  for (const Tick& tick : scale.ticks(most)) {
    if (!tick.label.empty()) texts.push_back(tick.label);
  }
  return texts;
}

TEST(Scale, LinearPlacesAreProportional) {
  const Scale scale = Scale::linear(10, 20, 100, 0);
  EXPECT_DOUBLE_EQ(scale.place(10), 100);
  EXPECT_DOUBLE_EQ(scale.place(15), 50);
  EXPECT_DOUBLE_EQ(scale.place(99), 0);
}

TEST(Scale, LogarithmicPlacesGoByRatios) {
  const Scale scale = Scale::logarithmic(1, 100, 0, 10);
  EXPECT_DOUBLE_EQ(scale.place(10), 5);
  EXPECT_DOUBLE_EQ(scale.place(0.001), 0);
}

TEST(Scale, TicksAreRoundNumbersInside) {
  EXPECT_THAT(labels(Scale::linear(0, 1, 0, 1), 5),
              ElementsAre("0", "0.2", "0.4", "0.6", "0.8", "1"));
  EXPECT_THAT(labels(Scale::linear(1.9, 4.2, 0, 1), 7), ElementsAre("2", "2.5", "3", "3.5", "4"));
  EXPECT_THAT(labels(Scale::logarithmic(0.9, 1100, 0, 1), 9), ElementsAre("1", "10", "100", "1k"));
  EXPECT_THAT(labels(Scale::logarithmic(1, 12, 0, 1), 9), ElementsAre("1", "2", "5", "10"));
}

TEST(Scale, ShortNumbersHaveALetterForThousands) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(0.05), "0.05");
  EXPECT_EQ(short_number(1500), "1.5k");
  EXPECT_EQ(short_number(2e6), "2M");
  EXPECT_EQ(short_number(1e12), "1T");
}

}  // namespace
}  // namespace evalzip
