#include "codecs/context/least_squares.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace evalzip {
namespace {

// Keeps the equations solvable where inputs are the same or zero, and weights small there.
constexpr float kRidge = 4.0F;

// A sum that nothing adds to any more falls for ever, and processors are slow with numbers below
// 2^-126. Between two looks, memories of 0.97 and more do not get there from kForgotten.
constexpr float kForgotten = 1e-20F;
constexpr unsigned kForgetEvery = 1024;

static_assert(FLT_EVAL_METHOD == 0, "intermediate results have to be binary32 too");

}  // namespace

LeastSquares::LeastSquares(std::size_t inputs, float memory, unsigned every)
    : inputs_(inputs), memory_(memory), every_(every) {}

// Four sums, because one alone would wait for each addition.
float LeastSquares::predict(std::span<const float, kMost> inputs) const {
  std::array<float, 4> sums{};
  for (std::size_t i = 0; i < kMost; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += weights_[i + k] * inputs[i + k];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// Where nothing changes there is nothing to learn.
void LeastSquares::observe(std::span<const float, kMost> inputs, float target) {
  const bool flat = std::ranges::all_of(inputs, [](float input) { return input == 0.0F; });
  if (flat && target == 0.0F) return;
  for (std::size_t i = 0; i < inputs_; ++i) {
    Row& row = products_[i];
    const float factor = inputs[i];
    for (std::size_t j = i & ~std::size_t{3}; j < kMost; ++j) {
      row[j] = row[j] * memory_ + factor * inputs[j];
    }
  }
  for (std::size_t i = 0; i < kMost; ++i) {
    targets_[i] = targets_[i] * memory_ + inputs[i] * target;
  }
  if (++observed_ % kForgetEvery == 0) forget_least();
  if (++waiting_ < every_) return;
  waiting_ = 0;
  solve();
}

void LeastSquares::forget_least() {
  const auto forget = [](float& sum) { sum = std::abs(sum) < kForgotten ? 0.0F : sum; };
  for (Row& row : products_) std::ranges::for_each(row, forget);
  std::ranges::for_each(targets_, forget);
}

// Rows above are subtracted from rows below, along the rows, so that it vectorizes in any order.
void LeastSquares::solve() {
  alignas(16) std::array<Row, kMost> rows;
  alignas(16) Row solution = targets_;
  Row inverses{};
  for (std::size_t i = 0; i < inputs_; ++i) {
    rows[i] = products_[i];
    rows[i][i] += kRidge;
  }
  for (std::size_t k = 0; k < inputs_; ++k) {
    if (!(rows[k][k] > 0.0F)) return;  // rounding: the weights stay
    inverses[k] = 1.0F / std::sqrt(rows[k][k]);
    for (std::size_t j = k & ~std::size_t{3}; j < kMost; ++j) rows[k][j] *= inverses[k];
    solution[k] *= inverses[k];
    for (std::size_t i = k + 1; i < inputs_; ++i) {
      const float factor = rows[k][i];
      for (std::size_t j = i & ~std::size_t{3}; j < kMost; ++j) rows[i][j] -= factor * rows[k][j];
      solution[i] -= factor * solution[k];
    }
  }
  for (std::size_t k = inputs_; k-- > 0;) {
    solution[k] *= inverses[k];
    for (std::size_t i = 0; i < k; ++i) solution[i] -= rows[i][k] * solution[k];
  }
  for (std::size_t i = 0; i < inputs_; ++i) {
    if (!(std::abs(solution[i]) < 64.0F)) return;
  }
  for (std::size_t i = 0; i < inputs_; ++i) weights_[i] = solution[i];
}

}  // namespace evalzip
