#include "harness/rank_test.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace evalzip {
namespace {

// The counts below are whole numbers of at most C(40, 20) = 1.4e11: doubles hold them exactly.
constexpr std::size_t kMostExact = 20;

struct RankSum {
  double u = 0;     // pairs in which the `larger` side is larger; equal values count a half
  double ties = 0;  // sum of t^3 - t over groups of t equal values
};

RankSum rank_sum(std::span<const double> smaller, std::span<const double> larger) {
  struct Value {
    double value;
    bool is_larger_side;
  };
  std::vector<Value> all;
  for (const double value : smaller) all.push_back({value, false});
  for (const double value : larger) all.push_back({value, true});
  std::ranges::sort(all, {}, &Value::value);

  double ranks = 0, ties = 0;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && all[end].value == all[begin].value) ++end;
    const double mean_rank = 0.5 * static_cast<double>(begin + 1 + end);
    const auto t = static_cast<double>(end - begin);
    ties += t * t * t - t;
    for (std::size_t i = begin; i < end; ++i) ranks += all[i].is_larger_side ? mean_rank : 0;
    begin = end;
  }
  const auto m = static_cast<double>(larger.size());
  return {.u = ranks - m * (m + 1) / 2, .ties = ties};
}

// Of the C(m + n, m) orders of two sides, the share whose u is at most `limit`. The orders with
// u = k are the coefficient of q^k in Gauss's binomial, the product of (1 - q^(n+i)) / (1 - q^i)
// over i = 1..m; it is multiplied out up to q^limit.
double share_up_to(std::size_t limit, std::size_t m, std::size_t n) {
  std::vector<double> count(limit + 1, 0);
  count[0] = 1;
  double orders = 1;
  for (std::size_t i = 1; i <= m; ++i) {
    for (std::size_t k = limit; k >= n + i; --k) count[k] -= count[k - n - i];
    for (std::size_t k = i; k <= limit; ++k) count[k] += count[k - i];
    orders = orders * static_cast<double>(n + i) / static_cast<double>(i);
  }
  double below = 0;
  for (const double one : count) below += one;
  return below / orders;
}

double normal_tail(const RankSum& sum, double m, double n) {
  const double total = m + n;
  const double variance = m * n / 12 * (total + 1 - sum.ties / (total * (total - 1)));
  if (variance <= 0) return 1;
  const double z = (sum.u - m * n / 2 - 0.5) / std::sqrt(variance);
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

}  // namespace

double rank_test(std::span<const double> smaller, std::span<const double> larger) {
  assert(!smaller.empty() && !larger.empty());
  const RankSum sum = rank_sum(smaller, larger);
  const std::size_t m = larger.size(), n = smaller.size();
  if (sum.ties > 0 || std::max(m, n) > kMostExact) {
    return normal_tail(sum, static_cast<double>(m), static_cast<double>(n));
  }
  // The distribution is symmetric: u or more is as likely as m n - u or less. Of the two tails the
  // shorter one is counted.
  const std::size_t limit = m * n - static_cast<std::size_t>(sum.u);
  if (limit == m * n) return 1;
  return 2 * limit > m * n ? 1 - share_up_to(m * n - limit - 1, m, n) : share_up_to(limit, m, n);
}

}  // namespace evalzip
