#include "reports/label_layout.h"

#include <random>

#include <gtest/gtest.h>

namespace evalzip {
namespace {

const Box kFrame{0, 0, 600, 300};

bool inside(const Box& box) {
  return box.left >= kFrame.left && box.right <= kFrame.right && box.top >= kFrame.top &&
         box.bottom <= kFrame.bottom;
}

TEST(LabelLayout, NoNameCoversAnotherNorAPointNorWhatIsTaken) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> x(0, 600), y(0, 300), width(10, 120);
    std::vector<NamedPoint> points;
    for (int i = 0; i < 40; ++i) points.push_back({x(random), y(random), width(random)});
    const std::vector<Box> taken = {{100, 100, 200, 102}};
    const auto boxes = place_names(points, kFrame, taken);
    ASSERT_EQ(boxes.size(), points.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (!boxes[i]) continue;
      EXPECT_TRUE(inside(*boxes[i])) << "seed " << seed;
      EXPECT_FALSE(boxes[i]->overlaps(taken[0])) << "seed " << seed;
      for (std::size_t j = 0; j < boxes.size(); ++j) {
        const NamedPoint& point = points[j];
        EXPECT_FALSE(boxes[i]->overlaps({point.x, point.y, point.x, point.y})) << "seed " << seed;
        const bool both = j != i && boxes[j];
        EXPECT_FALSE(both && boxes[i]->overlaps(*boxes[j])) << "seed " << seed;
      }
    }
  }
}

TEST(LabelLayout, ALonelyPointHasItsNameAtItsRight) {
  const auto boxes = place_names({{300, 150, 50}}, kFrame, {});
  ASSERT_TRUE(boxes[0].has_value());
  EXPECT_GT(boxes[0]->left, 300);
}

TEST(LabelLayout, AtTheRightEdgeTheNameGoesToTheLeft) {
  const auto boxes = place_names({{595, 150, 50}}, kFrame, {});
  ASSERT_TRUE(boxes[0].has_value());
  EXPECT_LT(boxes[0]->right, 595);
}

TEST(LabelLayout, ANameThatFitsNowhereIsLeftOut) {
  EXPECT_FALSE(place_names({{300, 150, 900}}, kFrame, {})[0].has_value());
}

}  // namespace
}  // namespace evalzip
