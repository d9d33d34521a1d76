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
    const auto places = place_names(points, kFrame, taken);
    ASSERT_EQ(places.size(), points.size());
    std::vector<std::optional<Box>> boxes;
    for (const auto& place : places) {
      boxes.push_back(place ? std::optional(place->box) : std::nullopt);
    }
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
  EXPECT_GT(boxes[0]->box.left, 300);
}

TEST(LabelLayout, AtTheRightEdgeTheNameGoesToTheLeft) {
  const auto boxes = place_names({{595, 150, 50}}, kFrame, {});
  ASSERT_TRUE(boxes[0].has_value());
  EXPECT_LT(boxes[0]->box.right, 595);
}

TEST(LabelLayout, ANameNearerToAnotherPointHasALine) {
  // The other point stands where the name goes, and walls keep it from going elsewhere.
  const std::vector<Box> walls = {{0, 0, 600, 140}, {0, 160, 600, 300}, {0, 140, 299, 160}};
  const auto places = place_names({{300, 150, 50}, {319, 150, 900}}, kFrame, walls);
  ASSERT_TRUE(places[0].has_value());
  EXPECT_TRUE(places[0]->needs_line);
  EXPECT_EQ(places[0]->line_x, places[0]->box.left);
  EXPECT_FALSE(place_names({{300, 150, 50}}, kFrame, walls)[0]->needs_line);
}

TEST(LabelLayout, ANameThatFitsNowhereIsLeftOut) {
  EXPECT_FALSE(place_names({{300, 150, 900}}, kFrame, {})[0].has_value());
}

}  // namespace
}  // namespace evalzip
