#include "tracking/change_points.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "tracking/student_t.h"

namespace evalzip {
namespace {

// Candidates are looked for with a laxer test, so that a neighbour not yet found does not hide
// them.
constexpr double kLaxity = 10;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// The split of `values` with the largest energy distance between both parts; 0 if there is none.
// Moving one value from right to left changes the three sums of distances by that value's own.
std::size_t best_split(std::span<const double> values) {
  const std::size_t n = values.size();
  double left = 0, right = 0, between = 0;  // sums of |a - b| over pairs
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) right += std::abs(values[i] - values[j]);
  }
  std::size_t best = 0;
  double best_distance = 0;
  for (std::size_t k = 0; k + 1 < n; ++k) {
    double to_left = 0, to_right = 0;
    for (std::size_t i = 0; i < k; ++i) to_left += std::abs(values[k] - values[i]);
    for (std::size_t i = k + 1; i < n; ++i) to_right += std::abs(values[k] - values[i]);
    left += to_left;
    right -= to_right;
    between += to_right - to_left;
    const auto a = static_cast<double>(k + 1), b = static_cast<double>(n - k - 1);
    double distance = 2 * between / (a * b);
    if (a > 1) distance -= 2 * left / (a * (a - 1));
    if (b > 1) distance -= 2 * right / (b * (b - 1));
    distance *= a * b / (a + b);
    if (distance > best_distance) {
      best_distance = distance;
      best = k + 1;
    }
  }
  return best;
}

class Finder {
 public:
  Finder(std::span<const double> values, const ChangePointSettings& settings)
      : values_(values), settings_(settings) {}

  std::vector<ChangePoint> run() {
    const std::size_t window = std::max<std::size_t>(settings_.window, 4);
    // Windows overlap by half: a change near the border of one is in the middle of the next.
    for (std::size_t begin = 0; begin < values_.size(); begin += window / 2) {
      split(begin, std::min(begin + window, values_.size()));
      if (begin + window >= values_.size()) break;
    }
    drop_weak();
    std::vector<ChangePoint> points;
    for (const std::size_t index : candidates_) points.push_back(judge(index));
    return points;
  }

 private:
  void split(std::size_t begin, std::size_t end) {
    const std::size_t at = best_split(values_.subspan(begin, end - begin));
    if (at == 0) return;
    const double p =
        student_test(values_.subspan(begin, at), values_.subspan(begin + at, end - begin - at));
    if (p > settings_.most_p_value * kLaxity) return;
    candidates_.insert(begin + at);
    split(begin, begin + at);
    split(begin + at, end);
  }

  // Against the values since the change before and up to the change after, at most a window each.
  ChangePoint judge(std::size_t index) const {
    const auto place = candidates_.find(index);
    std::size_t begin = place == candidates_.begin() ? 0 : *std::prev(place);
    std::size_t end = std::next(place) == candidates_.end() ? values_.size() : *std::next(place);
    if (index - begin > settings_.window) begin = index - settings_.window;
    end = std::min(end, index + settings_.window);
    const auto before = values_.subspan(begin, index - begin);
    const auto after = values_.subspan(index, end - index);
    // The best of so many splits was chosen, and chance is the better the more there are
    // (Bonferroni's bound).
    const auto choices = static_cast<double>(end - begin - 1);
    return {.index = index,
            .before = mean(before),
            .after = mean(after),
            .p_value = std::min(1.0, student_test(before, after) * choices)};
  }

  static double magnitude(const ChangePoint& point) {
    if (point.before == 0) return point.after == 0 ? 0 : 1;
    return std::abs(point.after / point.before - 1);
  }

  // 0 for a change; larger for what is less of one: insignificant ones above small ones.
  double weakness(std::size_t index) const {
    const ChangePoint point = judge(index);
    if (point.p_value > settings_.most_p_value) return 1 + point.p_value;
    if (magnitude(point) < settings_.least_magnitude) return 1 - magnitude(point);
    return 0;
  }

  // Takes away the weakest candidate until all are changes. Only its neighbours are judged anew
  // each time.
  void drop_weak() {
    std::set<std::pair<double, std::size_t>> by_weakness;
    std::map<std::size_t, double> weakness_of;
    const auto rate = [&](std::size_t index) {
      by_weakness.erase({weakness_of[index], index});
      weakness_of[index] = weakness(index);
      by_weakness.emplace(weakness_of[index], index);
    };
    for (const std::size_t index : candidates_) rate(index);
    while (!by_weakness.empty() && by_weakness.rbegin()->first > 0) {
      const std::size_t index = by_weakness.rbegin()->second;
      by_weakness.erase(std::prev(by_weakness.end()));
      const auto next = candidates_.erase(candidates_.find(index));
      if (next != candidates_.end()) rate(*next);
      if (next != candidates_.begin()) rate(*std::prev(next));
    }
  }

  std::span<const double> values_;
  const ChangePointSettings& settings_;
  std::set<std::size_t> candidates_;
};

}  // namespace

std::vector<ChangePoint> change_points(std::span<const double> values,
                                       const ChangePointSettings& settings) {
  return Finder(values, settings).run();
}

}  // namespace evalzip
