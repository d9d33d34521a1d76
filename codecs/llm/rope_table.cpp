#include "codecs/llm/rope_table.h"

namespace evalzip {
namespace {

// The functions below use nothing but +, -, * and / of binary64, which IEEE 754 rounds alike
// everywhere: the functions of libm differ between systems.

constexpr double kLn2 = 0.693147180559945309417;

// x in [1, 2): twice the series of the inverse hyperbolic tangent of (x - 1) / (x + 1).
double logarithm(double x) {
  double halvings = 0;
  for (; x >= 2; x /= 2) ++halvings;
  for (; x < 1; x *= 2) --halvings;
  const double t = (x - 1) / (x + 1);
  double sum = 0;
  for (int k = 39; k >= 1; k -= 2) sum = sum * t * t + 1.0 / k;
  return 2 * t * sum + halvings * kLn2;
}

// e^-x for x >= 0.
double decay(double x) {
  double power = 1;
  for (; x > kLn2; x -= kLn2) power /= 2;
  double sum = 1;
  for (int k = 20; k >= 1; --k) sum = 1 - x / k * sum;
  return power * sum;
}

struct Turn {
  double cosine, sine;

  Turn operator*(const Turn& other) const {
    return {cosine * other.cosine - sine * other.sine, sine * other.cosine + cosine * other.sine};
  }
};

// The Taylor series, for angles up to about 1.
Turn turn_by(double angle) {
  double cosine = 1, sine = 1;
  for (int k = 24; k >= 2; k -= 2) {
    cosine = 1 - angle * angle / (k * (k - 1.0)) * cosine;
    sine = 1 - angle * angle / (k * (k + 1.0)) * sine;
  }
  return {cosine, angle * sine};
}

}  // namespace

// Each row turns the row before by one more angle: after 100,000 positions the error is still below
// 10^-10.
RopeTable::RopeTable(const RopeSettings& settings, std::size_t positions)
    : pairs_(settings.size / 2), cosines_(positions * pairs_), sines_(positions * pairs_) {
  const double log_base = logarithm(settings.base);
  for (std::size_t pair = 0; pair < pairs_; ++pair) {
    const double exponent = 2.0 * static_cast<double>(pair) / static_cast<double>(settings.size);
    double frequency = decay(exponent * log_base) * settings.position_scale;
    if (!settings.divisors.empty()) frequency /= double{settings.divisors[pair]};
    const Turn step = turn_by(frequency);
    Turn turn{1, 0};
    for (std::size_t position = 0; position < positions; ++position, turn = turn * step) {
      cosines_[position * pairs_ + pair] = static_cast<float>(turn.cosine);
      sines_[position * pairs_ + pair] = static_cast<float>(turn.sine);
    }
  }
}

}  // namespace evalzip
