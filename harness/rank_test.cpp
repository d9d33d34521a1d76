#include "harness/rank_test.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace evalzip {

double rank_test(std::span<const double> smaller, std::span<const double> larger) {
  assert(!smaller.empty() && !larger.empty());
  struct Value {
    double value;
    bool is_larger_side;
  };
  std::vector<Value> all;
  for (const double value : smaller) all.push_back({value, false});
  for (const double value : larger) all.push_back({value, true});
  std::ranges::sort(all, {}, &Value::value);

  double rank_sum = 0;  // of the `larger` side; equal values share their mean rank
  double ties = 0;      // sum of t^3 - t over groups of t equal values
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && all[end].value == all[begin].value) ++end;
    const double mean_rank = 0.5 * static_cast<double>(begin + 1 + end);
    const auto t = static_cast<double>(end - begin);
    ties += t * t * t - t;
    for (std::size_t i = begin; i < end; ++i) rank_sum += all[i].is_larger_side ? mean_rank : 0;
    begin = end;
  }
  const auto m = static_cast<double>(larger.size());
  const auto n = static_cast<double>(smaller.size());
  const double u = rank_sum - m * (m + 1) / 2;
  const double total = m + n;
  const double variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return 1;
  const double z = (u - m * n / 2 - 0.5) / std::sqrt(variance);
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

}  // namespace evalzip
