// Axes: numbers to places on paper, and where to write which number.
#pragma once

#include <string>
#include <vector>

namespace evalzip {

struct Tick {
  double value;
  std::string label;  // empty: a line without a number
};

// From [low, high] to [from, to] (either order), linear or logarithmic. Preconditions: low < high;
// 0 < low if logarithmic.
class Scale {
 public:
  static Scale linear(double low, double high, double from, double to);
  static Scale logarithmic(double low, double high, double from, double to);

  double place(double value) const;  // values outside are put at the nearer end
  // Round numbers inside the range: 1, 2 or 5 times a power of ten, about `most` of them at most.
  std::vector<Tick> ticks(int most) const;
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  Scale(bool logarithmic, double low, double high, double from, double to)
      : logarithmic_(logarithmic), low_(low), high_(high), from_(from), to_(to) {}
  std::vector<Tick> linear_ticks(int most) const;
  std::vector<Tick> logarithmic_ticks(int most) const;

  bool logarithmic_;
  double low_, high_, from_, to_;
};

// "0.05", "1.5", "20", "3k", "100k", "2M": short, for axes.
std::string short_number(double value);

}  // namespace evalzip
