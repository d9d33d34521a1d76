#include "harness/median_distribution.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <utility>

namespace evalzip {
namespace {

// Read me first. Let a resample have D samples in rising order, and call the ones at (D - 1) / 2
// and D / 2 its lower and upper middle; its median is their mean. For ranks a <= b let
//
//   E(a, b) = P(lower middle <= a and upper middle > b),
//
// which is 0 for odd D, and for even D the chance that exactly half of the draws fall on ranks up
// to a and the other half on ranks beyond b. Inclusion and exclusion give the chance of each pair:
//
//   P(lower = i, upper = j) = E(i, j-1) - E(i-1, j-1) - E(i, j) + E(i-1, j)    for i < j.
//
// What is left of P(upper = k) belongs to lower = upper = k. Each draw of a cluster adds to the
// number of draws up to a, and to the number beyond b, by a multinomial law that is the mean of the
// clusters'; the draws of a resample are independent, so the laws are convolved.

// Chances of eight neighbouring b at once. A fixed number, so that compilers need no loop.
constexpr std::size_t kLanes = 8;
using Lanes = std::array<double, kLanes>;
using Row = std::vector<Lanes>;

// sum += factor * p * q
void add_products(double factor, const Lanes& p, const Lanes& q, Lanes& sum) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) sum[lane] += factor * p[lane] * q[lane];
}

// For each number of draws altogether that clusters can have: the chance of each number of draws up
// to a. Draws between a and b have no place in it. Rows keep their memory.
class Law {
 public:
  void start() {
    clear();
    std::ranges::fill(add(0)[0], 1.0);
  }
  void clear() { draws_.clear(); }
  const std::vector<std::size_t>& draws() const { return draws_; }
  const Row& chances(std::size_t draws) const { return rows_[draws]; }
  Row& add(std::size_t draws) {
    if (rows_.size() <= draws) rows_.resize(draws + 1);
    if (std::ranges::find(draws_, draws) == draws_.end()) {
      draws_.push_back(draws);
      rows_[draws].assign(draws + 1, Lanes{});
    }
    return rows_[draws];
  }

 private:
  std::vector<std::size_t> draws_;
  std::vector<Row> rows_;
};

// sum += factor * p * q, as polynomials.
void add_product(double factor, const Row& p, const Row& q, Row& sum) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    for (std::size_t j = 0; j < q.size(); ++j) add_products(factor, p[i], q[j], sum[i + j]);
  }
}

// sum += p * p: each pair of unlike terms counts twice.
void add_square(const Row& p, Row& sum) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    add_products(1, p[i], p[i], sum[2 * i]);
    for (std::size_t j = i + 1; j < p.size(); ++j) add_products(2, p[i], p[j], sum[i + j]);
  }
}

void convolve(const Law& left, const Law& right, Law& into) {
  into.clear();
  for (const std::size_t x : left.draws()) {
    for (const std::size_t y : right.draws()) {
      add_product(1, left.chances(x), right.chances(y), into.add(x + y));
    }
  }
}

void square(const Law& law, Law& into) {
  into.clear();
  const std::vector<std::size_t>& draws = law.draws();
  for (std::size_t s = 0; s < draws.size(); ++s) {
    add_square(law.chances(draws[s]), into.add(2 * draws[s]));
    for (std::size_t t = s + 1; t < draws.size(); ++t) {
      add_product(2, law.chances(draws[s]), law.chances(draws[t]), into.add(draws[s] + draws[t]));
    }
  }
}

// Of one cluster: its ranks, and what a draw of as many samples from it can be.
class Cluster {
 public:
  Cluster(const std::vector<std::size_t>& ranks, std::size_t samples)
      : size_(ranks.size()),
        stride_(samples + kLanes),
        choose_(size_ + 1, 1),
        below_((size_ + 1) * stride_, 1),
        above_(below_) {
    std::vector<double> up_to(stride_);  // how many of its ranks are at most a
    for (const std::size_t rank : ranks) {
      for (std::size_t a = rank; a < stride_; ++a) ++up_to[a];
    }
    for (std::size_t k = 1; k <= size_; ++k) {
      choose_[k] = choose_[k - 1] * static_cast<double>(size_ - k + 1) / static_cast<double>(k);
    }
    const auto all = static_cast<double>(size_);
    for (std::size_t k = 1; k <= size_; ++k) {
      for (std::size_t a = 0; a < stride_; ++a) {
        const std::size_t at = k * stride_ + a;
        below_[at] = below_[at - stride_] * up_to[a] / all;
        above_[at] = above_[at - stride_] * (all - up_to[a]) / all;
      }
    }
  }

  // For the lanes b, b + 1, ...
  void add_draw(std::size_t a, std::size_t b, double weight, Law& law) const {
    Row& sum = law.add(size_);
    for (std::size_t k = 0; k <= size_; ++k) {
      const double factor = weight * choose_[k] * below_[k * stride_ + a];
      const double* const above = &above_[(size_ - k) * stride_ + b];
      for (std::size_t lane = 0; lane < kLanes; ++lane) sum[k][lane] += factor * above[lane];
    }
  }

 private:
  std::size_t size_, stride_;   // with room for lanes behind the last rank
  std::vector<double> choose_;  // binomial coefficients of its size
  // At k * stride + a the k-th powers of the shares of its ranks up to a and beyond it.
  std::vector<double> below_, above_;
};

// Looks at the law where it is asked about, once.
class MedianLaw {
 public:
  MedianLaw(std::size_t samples, const std::vector<std::vector<std::size_t>>& clusters)
      : n_(samples), split_(n_ * n_), looked_(n_ * n_, false), upper_up_to_(n_) {
    for (const auto& ranks : clusters) clusters_.emplace_back(ranks, n_);
  }

  // P(lower = i, upper = j) for i < j. For i = j what is left of P(upper = j), or of P(lower = j):
  // the same, but the one asks about ranks up to j only, the other about ranks from j - 1 on.
  double chance_from_below(std::size_t i, std::size_t j) {
    if (i < j) return pair(i, j);
    double both = upper_up_to(j) - (j > 0 ? upper_up_to(j - 1) : 0);
    for (std::size_t below = 0; below < j; ++below) both -= pair(below, j);
    return both;
  }
  double chance_from_above(std::size_t i, std::size_t j) {
    if (i < j) return pair(i, j);
    double both = lower_up_to(i) - (i > 0 ? lower_up_to(i - 1) : 0);
    for (std::size_t above = i + 1; above < n_; ++above) both -= pair(i, above);
    return both;
  }

 private:
  double pair(std::size_t i, std::size_t j) {
    const double to_i = split(i, j - 1) - split(i, j);
    return i == 0 ? to_i : to_i - (split(i - 1, j - 1) - split(i - 1, j));
  }
  double upper_up_to(std::size_t a) {
    split(a, a);
    return upper_up_to_[a];
  }
  double lower_up_to(std::size_t a) { return upper_up_to(a) + split(a, a); }

  // E(a, b)
  double split(std::size_t a, std::size_t b) {
    const std::size_t at = a * n_ + b;
    if (!looked_[at]) look(a, b - (b - a) % kLanes);
    return split_[at];
  }

  // E(a, b) for the lanes b, b + 1, ...; and P(upper middle <= a) if b = a.
  void look(std::size_t a, std::size_t b) {
    one_.clear();
    const double weight = 1 / static_cast<double>(clusters_.size());
    for (const Cluster& cluster : clusters_) cluster.add_draw(a, b, weight, one_);
    raise_to(clusters_.size() - 1);
    // Of the last cluster only what is asked for.
    Lanes half{};
    for (const std::size_t x : all_.draws()) {
      for (const std::size_t y : one_.draws()) {
        const Row &p = all_.chances(x), &q = one_.chances(y);
        if ((x + y) % 2 == 0) add_middle(p, q, half);
        if (a == b) upper_up_to_[a] += more_than_half(p, q);
      }
    }
    for (std::size_t lane = 0; lane < kLanes && b + lane < n_; ++lane) {
      split_[a * n_ + b + lane] = half[lane];
      looked_[a * n_ + b + lane] = true;
    }
  }

  // all_ = one_ to that power, by squaring from the highest bit down.
  void raise_to(std::size_t power) {
    all_.start();
    for (auto bit = static_cast<unsigned>(std::bit_width(power)); bit-- > 0;) {
      square(all_, next_);
      std::swap(all_, next_);
      if ((power >> bit & 1) == 0) continue;
      convolve(all_, one_, next_);
      std::swap(all_, next_);
    }
  }

  static void add_middle(const Row& p, const Row& q, Lanes& half) {
    const std::size_t middle = (p.size() + q.size() - 2) / 2;
    for (std::size_t j = 0; j < q.size() && j <= middle; ++j) {
      if (middle - j < p.size()) add_products(1, p[middle - j], q[j], half);
    }
  }

  static double more_than_half(const Row& p, const Row& q) {
    const std::size_t draws = p.size() + q.size() - 2;
    double sum = 0;
    for (std::size_t j = 0; j < q.size(); ++j) {
      const std::size_t least = draws / 2 + 1;  // of i + j
      for (std::size_t i = least > j ? least - j : 0; i < p.size(); ++i) sum += p[i][0] * q[j][0];
    }
    return sum;
  }

  std::size_t n_;
  std::vector<double> split_;        // E(a, b)
  std::vector<bool> looked_;         // at which of them
  std::vector<double> upper_up_to_;  // P(upper middle <= rank)
  std::vector<Cluster> clusters_;
  Law one_, all_, next_;
};

// The mean of the samples at two ranks.
struct Median {
  double value;
  std::size_t lower, upper;
};

std::vector<Median> medians_of(std::span<const double> sorted) {
  std::vector<Median> medians;
  medians.reserve(sorted.size() * (sorted.size() + 1) / 2);
  for (std::size_t j = 0; j < sorted.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) medians.push_back({(sorted[i] + sorted[j]) / 2, i, j});
    medians.push_back({sorted[j], j, j});
  }
  return medians;
}

// The first value in the order of `before`, a comparison of medians, up to which the chances add up
// to more than `share`. Only these few are put in order. Reorders `medians`.
template <class Before, class Chance>
double point(std::vector<Median>& medians, Before before, double share, Chance chance) {
  const auto behind = [&](const Median& x, const Median& y) { return before(y, x); };
  std::ranges::make_heap(medians, behind);
  auto end = medians.end();
  double sum = 0;
  while (true) {
    const Median median = medians.front();
    sum += chance(median.lower, median.upper);
    if (sum > share || end - medians.begin() == 1) return median.value;
    std::ranges::pop_heap(medians.begin(), end--, behind);
  }
}

}  // namespace

Interval95 median_distribution_95(std::span<const double> sorted,
                                  const std::vector<std::vector<std::size_t>>& clusters) {
  assert(sorted.size() >= 2);
  std::vector<Median> medians = medians_of(sorted);
  MedianLaw law(sorted.size(), clusters);
  // A share is reached from below, and exceeded from above; sums of doubles are so up to rounding.
  constexpr double kTail = 0.025, kSlack = 1e-12;
  return {.low = point(
              medians, [](const Median& x, const Median& y) { return x.value < y.value; },
              kTail - kSlack,
              [&](std::size_t i, std::size_t j) { return law.chance_from_below(i, j); }),
          .high = point(
              medians, [](const Median& x, const Median& y) { return x.value > y.value; },
              kTail + kSlack,
              [&](std::size_t i, std::size_t j) { return law.chance_from_above(i, j); })};
}

}  // namespace evalzip
