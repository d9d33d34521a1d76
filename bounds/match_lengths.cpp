#include "bounds/match_lengths.h"

#include <algorithm>
#include <cmath>

#include "bounds/suffix_array.h"

namespace evalzip {
namespace {

constexpr std::int32_t kNone = -1;
constexpr std::size_t kBatches = 32;
constexpr double kStandardErrors = 2.04;  // Student's t of 31 degrees of freedom, 95 %

// The neighbours of each suffix, in lexicographic order, among those that begin before it.
struct EarlierNeighbours {
  std::vector<std::int32_t> less, greater;  // by place
};

EarlierNeighbours earlier_neighbours(const std::vector<std::int32_t>& sorted) {
  const std::size_t size = sorted.size();
  EarlierNeighbours all{.less = std::vector<std::int32_t>(size, kNone),
                        .greater = std::vector<std::int32_t>(size, kNone)};
  for (std::size_t i = 1; i < size; ++i) {
    all.less[static_cast<std::size_t>(sorted[i])] = sorted[i - 1];
    all.greater[static_cast<std::size_t>(sorted[i - 1])] = sorted[i];
  }
  // Taken out from the last to the first, a suffix leaves only earlier ones in the list.
  for (std::size_t place = size; place-- > 0;) {
    const std::int32_t less = all.less[place], greater = all.greater[place];
    if (less != kNone) all.greater[static_cast<std::size_t>(less)] = greater;
    if (greater != kNone) all.less[static_cast<std::size_t>(greater)] = less;
  }
  return all;
}

// Raises each length to that of the match with the neighbour. A match at a place is at most one
// shorter than at the place before, because its tail lies between the suffix and its neighbour; so
// all comparisons together take linear time.
void raise_to_matches(Bytes text, const std::vector<std::int32_t>& neighbours,
                      std::vector<std::uint32_t>& lengths) {
  std::size_t length = 0;
  for (std::size_t place = 0; place < text.size(); ++place) {
    if (neighbours[place] == kNone) {
      length = 0;
      continue;
    }
    const auto other = static_cast<std::size_t>(neighbours[place]);
    while (place + length < text.size() && text[place + length] == text[other + length]) ++length;
    lengths[place] = std::max(lengths[place], static_cast<std::uint32_t>(length));
    length -= length > 0 ? 1 : 0;
  }
}

struct Mean {
  double value = 0, error = 0;  // of the mean: its standard deviation
};

Mean mean_of_batches(std::span<const double> batches) {
  const auto count = static_cast<double>(batches.size());
  double sum = 0, squares = 0;
  for (const double batch : batches) sum += batch;
  for (const double batch : batches) squares += (batch - sum / count) * (batch - sum / count);
  return {sum / count, std::sqrt(squares / (count * (count - 1)))};
}

// Mean over [first, last) of f(place), with batches of equal length.
template <class F>
Mean batched_mean(std::size_t first, std::size_t last, std::size_t batches, F f) {
  std::vector<double> means(batches);
  for (std::size_t b = 0; b < batches; ++b) {
    const std::size_t start = first + (last - first) * b / batches;
    const std::size_t end = first + (last - first) * (b + 1) / batches;
    for (std::size_t place = start; place < end; ++place) means[b] += f(place);
    means[b] /= static_cast<double>(end - start);
  }
  return mean_of_batches(means);
}

// Reciprocal of the slope of match lengths against log2(place), by least squares over octaves
// weighted with their lengths; nothing where matches do not grow.
std::optional<MatchEntropy> by_slope(std::span<const std::uint32_t> matches) {
  struct Octave {
    double weight, x;
    Mean y;
  };
  std::vector<Octave> octaves;
  double weights = 0, x_sum = 0;
  for (std::size_t end = matches.size(); end >= 1024; end -= end / 2) {
    const std::size_t start = end - end / 2;
    const Mean x = batched_mean(start, end, 8, [](std::size_t place) { return std::log2(place); });
    const Mean y = batched_mean(start, end, 8, [&](std::size_t place) { return matches[place]; });
    octaves.push_back({static_cast<double>(end - start), x.value, y});
    weights += octaves.back().weight;
    x_sum += octaves.back().weight * x.value;
  }
  double spread = 0, slope = 0, variance = 0;
  for (const Octave& o : octaves) spread += o.weight * (o.x - x_sum / weights) * o.x;
  for (const Octave& o : octaves) {
    const double share = o.weight * (o.x - x_sum / weights) / spread;
    slope += share * o.y.value;
    variance += share * share * o.y.error * o.y.error;
  }
  const double error = kStandardErrors * std::sqrt(variance);
  if (slope <= error) return std::nullopt;
  return MatchEntropy{1 / slope, 1 / (slope + error), 1 / (slope - error)};
}

// A passage that comes twice adds the square of its length to the sum of all matches, so that one
// can outweigh a whole text. Chance matches many times longer than usual hardly occur; longer ones
// are cut to that.
std::vector<std::uint32_t> without_repeated_passages(std::span<const std::uint32_t> matches) {
  constexpr double kLongest = 8;  // times the usual length
  double rate = 0;
  for (std::size_t place = 1; place < matches.size(); ++place) {
    rate += std::log2(static_cast<double>(place) + 1) / (1.0 + matches[place]);
  }
  rate /= static_cast<double>(matches.size() - 1);
  std::vector<std::uint32_t> cut(matches.begin(), matches.end());
  for (std::size_t place = 1; place < cut.size(); ++place) {
    const double longest = kLongest * std::log2(static_cast<double>(place) + 1) / rate;
    cut[place] = static_cast<std::uint32_t>(std::min<double>(cut[place], longest));
  }
  return cut;
}

}  // namespace

std::vector<std::uint32_t> longest_earlier_matches(Bytes text) {
  const EarlierNeighbours neighbours = earlier_neighbours(suffix_array(text));
  std::vector<std::uint32_t> lengths(text.size(), 0);
  raise_to_matches(text, neighbours.less, lengths);
  raise_to_matches(text, neighbours.greater, lengths);
  return lengths;
}

std::optional<MatchEntropy> match_entropy(std::span<const std::uint32_t> all_matches) {
  if (all_matches.size() < kFewestMatches) return std::nullopt;
  const std::vector<std::uint32_t> matches = without_repeated_passages(all_matches);
  // Matches end between two bytes, one of which is counted: their true length lies between.
  const auto mean_with = [&](double counted) {
    return batched_mean(1, matches.size(), kBatches, [&](std::size_t place) {
      return (counted + matches[place]) / std::log2(static_cast<double>(place) + 1);
    });
  };
  const Mean mean = mean_with(1), least = mean_with(0);
  const double shortest = least.value - kStandardErrors * least.error;
  MatchEntropy found{.bits_per_byte = std::min(8.0, 1 / mean.value),
                     .low = 1 / (mean.value + kStandardErrors * mean.error),
                     .high = shortest > 1.0 / 8 ? 1 / shortest : 8.0};
  if (const auto other = by_slope(matches)) {
    found.low = std::min(found.low, other->low);
    found.high = std::min(8.0, std::max(found.high, other->high));
  }
  // Matches about as long as the text itself say that it repeats, not how little the rest tells.
  const auto size = static_cast<double>(matches.size());
  if (16 * mean.value * std::log2(size) > size) found.low = 0;
  return found;
}

}  // namespace evalzip
