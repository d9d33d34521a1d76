// A linear predictor that fits itself to what it has seen lately.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace evalzip {

// Least squares with weights that fall by `memory` from one observation to the next. The normal
// equations are solved by Cholesky's decomposition. All of it is binary32 in a fixed order of
// operations, so it is the same on every machine.
class LeastSquares {
 public:
  static constexpr std::size_t kMost = 24;  // inputs

  // `every`: so many observations share one solution.
  LeastSquares(std::size_t inputs, float memory, unsigned every);

  // `inputs` has room for kMost values, of which those behind the inputs are 0.
  float predict(std::span<const float, kMost> inputs) const;
  void observe(std::span<const float, kMost> inputs, float target);

 private:
  using Row = std::array<float, kMost>;

  void solve();
  void forget_least();

  std::size_t inputs_;
  float memory_;
  unsigned every_, waiting_ = 0, observed_ = 0;
  // The upper triangle: row i holds the sums of products of inputs i and j >= i.
  alignas(16) std::array<Row, kMost> products_{};
  alignas(16) Row targets_{};
  alignas(16) Row weights_{};
};

}  // namespace evalzip
