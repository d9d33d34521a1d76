#include "tracking/student_t.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalzip {
namespace {

struct Moments {
  double mean = 0, squares = 0;  // sum of squared differences from the mean
};

Moments moments(std::span<const double> values) {
  Moments m;
  m.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  for (const double value : values) m.squares += (value - m.mean) * (value - m.mean);
  return m;
}

// Continued fraction of the incomplete beta function, by the method of Lentz (1976) as modified by
// Thompson and Barnett (1986). Converges fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300, kPrecision = 1e-12;
  constexpr int kMostSteps = 300;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), result = d;
  for (int m = 1; m <= kMostSteps; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    result *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    result *= d * c;
    if (std::abs(d * c - 1) < kPrecision) break;
  }
  return result;
}

// Regularized incomplete beta function I_x(a, b).
double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

}  // namespace

double student_test(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty() || a.size() + b.size() < 3) return 1;
  const Moments left = moments(a), right = moments(b);
  const auto m = static_cast<double>(a.size()), n = static_cast<double>(b.size());
  const double freedom = m + n - 2;
  const double variance = (left.squares + right.squares) / freedom * (1 / m + 1 / n);
  const double difference = left.mean - right.mean;
  // Rounding alone can make equal values vary by some 1e-16 of their size.
  const double rounding = 1e-15 * std::max(std::abs(left.mean), std::abs(right.mean));
  if (std::sqrt(variance) <= rounding) return std::abs(difference) <= rounding ? 1 : 0;
  return incomplete_beta(freedom / 2, 0.5,
                         freedom / (freedom + difference * difference / variance));
}

}  // namespace evalzip
