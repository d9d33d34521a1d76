#include "harness/median_distribution.h"

#include <algorithm>
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
// to a. Draws between a and b have no place in it. Rows keep their memory.
class Law {
 public:
  void start() {
    draws_.assign(1, 0);
    row(0).assign(1, 1.0);
  }
  void clear() { draws_.clear(); }
  const std::vector<std::size_t>& draws() const { return draws_; }
  const std::vector<double>& chances(std::size_t draws) const { return rows_[draws]; }
  std::vector<double>& add(std::size_t draws) {
    if (std::ranges::find(draws_, draws) != draws_.end()) return rows_[draws];
    draws_.push_back(draws);
    row(draws).assign(draws + 1, 0.0);
    return rows_[draws];
  }

 private:
  std::vector<double>& row(std::size_t draws) {
    if (rows_.size() <= draws) rows_.resize(draws + 1);
    return rows_[draws];
  }
  std::vector<std::size_t> draws_;
  std::vector<std::vector<double>> rows_;
};

void convolve(const Law& left, const Law& right, Law& into) {
  into.clear();
  for (const std::size_t x : left.draws()) {
    for (const std::size_t y : right.draws()) {
      std::vector<double>& sum = into.add(x + y);
      const std::vector<double>&p = left.chances(x), &q = right.chances(y);
      for (std::size_t i = 0; i <= x; ++i) {
        for (std::size_t j = 0; j <= y; ++j) sum[i + j] += p[i] * q[j];
      }
    }
  }
}

// Of one cluster: its ranks, and what a draw of as many samples from it can be.
class Cluster {
 public:
  Cluster(const std::vector<std::size_t>& ranks, std::size_t samples)
      : size_(ranks.size()), up_to_(samples), choose_(size_ + 1, 1), powers_(size_ + 1) {
    for (const std::size_t rank : ranks) {
      for (std::size_t a = rank; a < samples; ++a) ++up_to_[a];
    }
    for (std::size_t k = 1; k <= size_; ++k) {
      choose_[k] = choose_[k - 1] * static_cast<double>(size_ - k + 1) / static_cast<double>(k);
    }
    for (std::size_t count = 0; count <= size_; ++count) {
      powers_[count].push_back(1);
      for (std::size_t k = 0; k < size_; ++k) {
        powers_[count].push_back(powers_[count].back() * static_cast<double>(count) /
                                 static_cast<double>(size_));
      }
    }
  }

  void add_draw(std::size_t a, std::size_t b, double weight, Law& law) const {
    std::vector<double>& sum = law.add(size_);
    const std::vector<double>&below = powers_[up_to_[a]], &above = powers_[size_ - up_to_[b]];
    for (std::size_t k = 0; k <= size_; ++k) {
      sum[k] += weight * choose_[k] * below[k] * above[size_ - k];
    }
  }

 private:
  std::size_t size_;
  std::vector<std::size_t> up_to_;           // how many of its ranks are at most a
  std::vector<double> choose_;               // binomial coefficients of its size
  std::vector<std::vector<double>> powers_;  // of count / size
};

class Resample {
 public:
  Resample(const std::vector<std::vector<std::size_t>>& clusters, std::size_t samples) {
    for (const auto& ranks : clusters) clusters_.emplace_back(ranks, samples);
  }

  // Of all clusters of a resample together; valid until the next call.
  const Law& law(std::size_t a, std::size_t b) {
    one_.clear();
    const double weight = 1 / static_cast<double>(clusters_.size());
    for (const Cluster& cluster : clusters_) cluster.add_draw(a, b, weight, one_);
    all_.start();
    for (std::size_t i = 0; i < clusters_.size(); ++i) {
      convolve(all_, one_, next_);
      std::swap(all_, next_);
    }
    return all_;
  }

 private:
  std::vector<Cluster> clusters_;
  Law one_, all_, next_;
};

struct Median {
  double value, chance;
};

class MedianLaw {
 public:
  MedianLaw(std::span<const double> sorted, const std::vector<std::vector<std::size_t>>& clusters)
      : sorted_(sorted), n_(sorted.size()), split_(n_ * n_), upper_up_to_(n_) {
    Resample resample(clusters, n_);
    for (std::size_t a = 0; a < n_; ++a) {
      for (std::size_t b = a; b < n_; ++b) look(resample.law(a, b), a, b);
    }
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

  void look(const Law& law, std::size_t a, std::size_t b) {
    for (const std::size_t draws : law.draws()) {
      const std::vector<double>& chance = law.chances(draws);
      if (draws % 2 == 0) split_[a * n_ + b] += chance[draws / 2];
      if (a != b) continue;
      for (std::size_t k = draws / 2 + 1; k <= draws; ++k) upper_up_to_[a] += chance[k];
    }
  }

  std::span<const double> sorted_;
  std::size_t n_;
  std::vector<double> split_;        // E(a, b)
  std::vector<double> upper_up_to_;  // P(upper middle <= rank)
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
