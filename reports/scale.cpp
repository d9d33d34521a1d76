#include "reports/scale.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace evalzip {
namespace {

constexpr double kSlack = 1e-9;  // a tick at the very end of the range is inside

}  // namespace

Scale Scale::linear(double low, double high, double from, double to) {
  return {false, low, high, from, to};
}

Scale Scale::logarithmic(double low, double high, double from, double to) {
  return {true, low, high, from, to};
}

double Scale::place(double value) const {
  const double inside = std::clamp(value, low_, high_);
  const double share = logarithmic_ ? std::log(inside / low_) / std::log(high_ / low_)
                                    : (inside - low_) / (high_ - low_);
  return from_ + share * (to_ - from_);
}

std::vector<Tick> Scale::ticks(int most) const {
  return logarithmic_ ? logarithmic_ticks(most) : linear_ticks(most);
}

std::vector<Tick> Scale::linear_ticks(int most) const {
  const double least_step = (high_ - low_) / most;
  double step = std::pow(10, std::floor(std::log10(least_step)));
  for (const double factor : {2.0, 2.5, 2.0}) {  // 1, 2, 5, 10 times a power of ten
    if (step >= least_step) break;
    step *= factor;
  }
  std::vector<Tick> ticks;
  for (double n = std::ceil(low_ / step - kSlack); n * step <= high_ + step * kSlack; ++n) {
    ticks.push_back({n * step, short_number(n * step)});
  }
  return ticks;
}

std::vector<Tick> Scale::logarithmic_ticks(int most) const {
  const double decades = std::log10(high_ / low_);
  const auto every = std::max(1, static_cast<int>(std::ceil(decades / most)));
  std::vector<Tick> ticks;
  for (int power = static_cast<int>(std::floor(std::log10(low_))); std::pow(10, power) <= high_;
       ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10, power);
      if (value < low_ * (1 - kSlack) || value > high_ * (1 + kSlack)) continue;
      const bool whole = factor == 1 && power % every == 0;
      const bool labelled = whole || (factor > 1 && 3 * decades <= most);
      ticks.push_back({value, labelled ? short_number(value) : ""});
    }
  }
  return ticks;
}

std::string short_number(double value) {
  struct Unit {
    double size;
    const char* letter;
  };
  for (const Unit& unit : {Unit{1e12, "T"}, Unit{1e9, "G"}, Unit{1e6, "M"}, Unit{1e3, "k"}}) {
    if (std::abs(value) >= unit.size * 0.9999999) {
      return fmt::format("{:.4g}{}", value / unit.size, unit.letter);
    }
  }
  if (std::abs(value) < 1e-12) return "0";
  return fmt::format("{:.4g}", value);
}

}  // namespace evalzip
