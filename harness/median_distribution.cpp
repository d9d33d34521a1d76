#include "harness/median_distribution.h"

#include <algorithm>
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

// For each number of draws altogether that clusters can have: the chance of each number of draws up
// to a, of every b at once ("lanes", side by side in memory). Draws between a and b have no place
// in it. Rows keep their memory.
class Law {
 public:
  void start(std::size_t lanes) {
    clear(lanes);
    std::ranges::fill(add(0), 1.0);
  }
  void clear(std::size_t lanes) {
    draws_.clear();
    lanes_ = lanes;
  }
  const std::vector<std::size_t>& draws() const { return draws_; }
  // Of `draws` altogether, `below` up to a: one chance a lane.
  const double* chances(std::size_t draws, std::size_t below) const {
    return &rows_[draws][below * lanes_];
  }
  std::vector<double>& add(std::size_t draws) {
    if (rows_.size() <= draws) rows_.resize(draws + 1);
    if (std::ranges::find(draws_, draws) == draws_.end()) {
      draws_.push_back(draws);
      rows_[draws].assign((draws + 1) * lanes_, 0.0);
    }
    return rows_[draws];
  }

 private:
  std::size_t lanes_ = 0;
  std::vector<std::size_t> draws_;
  std::vector<std::vector<double>> rows_;
};

// sum += factor * p * q, lane by lane. The sum is never one of the factors.
void add_products(double factor, const double* p, const double* q, std::size_t lanes,
                  double* __restrict sum) {
  for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] += factor * p[lane] * q[lane];
}

void convolve(const Law& left, const Law& right, std::size_t lanes, Law& into) {
  into.clear(lanes);
  for (const std::size_t x : left.draws()) {
    for (const std::size_t y : right.draws()) {
      double* const sum = into.add(x + y).data();
      for (std::size_t i = 0; i <= x; ++i) {
        for (std::size_t j = 0; j <= y; ++j) {
          add_products(1, left.chances(x, i), right.chances(y, j), lanes, sum + (i + j) * lanes);
        }
      }
    }
  }
}

// law * law: each pair of unlike terms counts twice.
void square(const Law& law, std::size_t lanes, Law& into) {
  into.clear(lanes);
  const std::vector<std::size_t>& draws = law.draws();
  for (std::size_t s = 0; s < draws.size(); ++s) {
    for (std::size_t t = s; t < draws.size(); ++t) {
      const std::size_t x = draws[s], y = draws[t];
      double* const sum = into.add(x + y).data();
      for (std::size_t i = 0; i <= x; ++i) {
        for (std::size_t j = s == t ? i : 0; j <= y; ++j) {
          const double times = s == t && i == j ? 1 : 2;
          add_products(times, law.chances(x, i), law.chances(y, j), lanes, sum + (i + j) * lanes);
        }
      }
    }
  }
}

// Of one cluster: its ranks, and what a draw of as many samples from it can be.
class Cluster {
 public:
  Cluster(const std::vector<std::size_t>& ranks, std::size_t samples)
      : size_(ranks.size()),
        samples_(samples),
        choose_(size_ + 1, 1),
        below_((size_ + 1) * samples, 1),
        above_(below_) {
    std::vector<double> up_to(samples);  // how many of its ranks are at most a
    for (const std::size_t rank : ranks) {
      for (std::size_t a = rank; a < samples; ++a) ++up_to[a];
    }
    for (std::size_t k = 1; k <= size_; ++k) {
      choose_[k] = choose_[k - 1] * static_cast<double>(size_ - k + 1) / static_cast<double>(k);
    }
    const auto all = static_cast<double>(size_);
    for (std::size_t k = 1; k <= size_; ++k) {
      for (std::size_t a = 0; a < samples; ++a) {
        const std::size_t at = k * samples + a;
        below_[at] = below_[at - samples] * up_to[a] / all;
        above_[at] = above_[at - samples] * (all - up_to[a]) / all;
      }
    }
  }

  // For b from a on.
  void add_draw(std::size_t a, std::size_t lanes, double weight, Law& law) const {
    for (std::size_t k = 0; k <= size_; ++k) {
      const double factor = weight * choose_[k] * below_[k * samples_ + a];
      const double* const above = &above_[(size_ - k) * samples_ + a];
      double* const __restrict sum = law.add(size_).data() + k * lanes;
      for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] += factor * above[lane];
    }
  }

 private:
  std::size_t size_, samples_;
  std::vector<double> choose_;  // binomial coefficients of its size
  // At k * samples + a the k-th powers of the shares of its ranks up to a and beyond it.
  std::vector<double> below_, above_;
};

struct Median {
  double value, chance;
};

class MedianLaw {
 public:
  MedianLaw(std::span<const double> sorted, const std::vector<std::vector<std::size_t>>& clusters)
      : sorted_(sorted), n_(sorted.size()), split_(n_ * n_), upper_up_to_(n_) {
    for (const auto& ranks : clusters) clusters_.emplace_back(ranks, n_);
    for (std::size_t a = 0; a < n_; ++a) look(a);
  }

  std::vector<Median> medians() const {
    std::vector<Median> medians;
    for (std::size_t j = 0; j < n_; ++j) {
      double both = upper_up_to_[j] - (j > 0 ? upper_up_to_[j - 1] : 0);
      for (std::size_t i = 0; i < j; ++i) {
        const double chance =
            split(i, j - 1) - split(i, j) - (i > 0 ? split(i - 1, j - 1) - split(i - 1, j) : 0);
        both -= chance;
        medians.push_back({(sorted_[i] + sorted_[j]) / 2, chance});
      }
      medians.push_back({sorted_[j], both});
    }
    std::ranges::sort(medians, {}, &Median::value);
    return medians;
  }

 private:
  double split(std::size_t a, std::size_t b) const { return split_[a * n_ + b]; }

  // E(a, b) for all b from a on, and P(upper middle <= a).
  void look(std::size_t a) {
    const std::size_t lanes = n_ - a;
    one_.clear(lanes);
    const double weight = 1 / static_cast<double>(clusters_.size());
    for (const Cluster& cluster : clusters_) cluster.add_draw(a, lanes, weight, one_);
    raise_to(clusters_.size() - 1, lanes);
    // Of the last cluster only what is asked for.
    for (const std::size_t x : all_.draws()) {
      for (const std::size_t y : one_.draws()) add_last(a, x, y, lanes);
    }
  }

  // all_ = one_ to that power, by squaring from the highest bit down.
  void raise_to(std::size_t power, std::size_t lanes) {
    all_.start(lanes);
    for (auto bit = static_cast<unsigned>(std::bit_width(power)); bit-- > 0;) {
      square(all_, lanes, next_);
      std::swap(all_, next_);
      if ((power >> bit & 1) == 0) continue;
      convolve(all_, one_, lanes, next_);
      std::swap(all_, next_);
    }
  }

  void add_last(std::size_t a, std::size_t x, std::size_t y, std::size_t lanes) {
    for (std::size_t i = 0; i <= x; ++i) {
      for (std::size_t j = 0; j <= y; ++j) {
        const double *const p = all_.chances(x, i), *const q = one_.chances(y, j);
        if (2 * (i + j) == x + y) add_products(1, p, q, lanes, &split_[a * n_ + a]);
        if (2 * (i + j) > x + y) upper_up_to_[a] += p[0] * q[0];
      }
    }
  }

  std::span<const double> sorted_;
  std::size_t n_;
  std::vector<double> split_;        // E(a, b)
  std::vector<double> upper_up_to_;  // P(upper middle <= rank)
  std::vector<Cluster> clusters_;
  Law one_, all_, next_;
};

}  // namespace

Interval95 median_distribution_95(std::span<const double> sorted,
                                  const std::vector<std::vector<std::size_t>>& clusters) {
  assert(sorted.size() >= 2);
  const std::vector<Median> medians = MedianLaw(sorted, clusters).medians();
  // Sums of doubles: a share that is reached up to rounding is reached.
  constexpr double kTail = 0.025, kSlack = 1e-12;
  const auto point = [&](double share) {
    double sum = 0;
    for (const Median& median : medians) {
      sum += median.chance;
      if (sum >= share - kSlack) return median.value;
    }
    return medians.back().value;
  };
  return {point(kTail), point(1 - kTail)};
}

}  // namespace evalzip
