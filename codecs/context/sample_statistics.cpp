#include "codecs/context/sample_statistics.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <utility>
#include <vector>

namespace evalzip {
namespace {

using Window = std::span<const std::uint8_t>;

constexpr std::size_t kSample = 16 << 10;  // bytes that guesses are made of
constexpr unsigned kFraction = 256;        // costs are in units of 1/256 bit

// n log2 n, linear between powers of two: it orders guesses all the same.
std::uint64_t times_its_log(std::uint64_t n) {
  if (n == 0) return 0;
  const auto whole = static_cast<unsigned>(std::bit_width(n)) - 1;
  const std::uint64_t part = ((n - (std::uint64_t{1} << whole)) * kFraction) >> whole;
  return n * (whole * kFraction + part);
}

// The code length of symbols that were counted, in all.
std::uint64_t entropy(std::span<const std::uint32_t> counts) {
  std::uint64_t number = 0, sum = 0;
  for (const std::uint32_t count : counts) {
    number += count;
    sum += times_its_log(count);
  }
  return times_its_log(number) - sum;
}

// Differences, told by how many digits they have and the digits behind the first as they are.
class Differences {
 public:
  void add(std::int64_t difference) {
    const auto zigzag =
        static_cast<std::uint64_t>(difference >= 0 ? 2 * difference : -2 * difference - 1);
    const auto width = static_cast<std::size_t>(std::bit_width(zigzag));
    ++counts_[width];
    digits_ += width > 1 ? width - 1 : 0;
  }
  std::uint64_t cost() const { return entropy(counts_) + digits_ * kFraction; }

 private:
  std::array<std::uint32_t, 66> counts_{};
  std::uint64_t digits_ = 0;
};

std::vector<std::int64_t> numbers(Window bytes, const Segment& format) {
  const std::size_t size = format.sample;
  std::vector<std::int64_t> result(bytes.size() / size);
  for (std::size_t i = 0; i < result.size(); ++i) {
    std::int64_t number = 0;
    for (std::size_t k = 0; k < size; ++k) {
      number = number << 8 | bytes[i * size + (format.little_endian ? size - 1 - k : k)];
    }
    result[i] = format.is_signed ? number ^ (std::int64_t{1} << (8 * size - 1)) : number;
  }
  return result;
}

// For each byte: differences to the sample `channels` before, or what the last two make expect.
std::uint64_t cost_of(const std::vector<std::int64_t>& values, std::size_t channels) {
  Differences constant, linear;
  for (std::size_t i = 2 * channels; i < values.size(); ++i) {
    const std::int64_t change = values[i] - values[i - channels];
    constant.add(change);
    linear.add(change - (values[i - channels] - values[i - 2 * channels]));
  }
  return std::min(constant.cost(), linear.cost());
}

// Of bytes for themselves, in four columns.
std::uint64_t cost_of_bytes(Window bytes) {
  std::array<std::array<std::uint32_t, 256>, 4> counts{};
  for (std::size_t i = 0; i < bytes.size(); ++i) ++counts[i % 4][bytes[i]];
  std::uint64_t cost = 0;
  for (const auto& column : counts) cost += entropy(column);
  return cost;
}

struct Best {
  SampleGuess guess;
  std::uint64_t cost = UINT64_MAX;
};

void try_format(Window bytes, SampleGuess guess, Best& best) {
  const std::vector<std::int64_t> values = numbers(bytes.subspan(guess.skip), guess.segment);
  for (std::uint32_t channels = 1; channels <= 4; ++channels) {
    std::uint64_t cost = cost_of(values, channels);
    cost += cost / 64 * (channels - 1);  // the simpler one, unless it is worse
    if (cost >= best.cost) continue;
    guess.segment.channels = channels;
    best = {guess, cost};
  }
}

Best best_guess(Window bytes) {
  Best best;
  for (const std::uint32_t sample : {1u, 2u, 4u}) {
    for (std::size_t skip = 0; skip < sample; ++skip) {
      for (const bool little_endian : {true, false}) {
        for (const bool is_signed : {false, true}) {
          if (sample == 1 && (little_endian || is_signed)) continue;
          SampleGuess guess{.segment = {.content = Content::image}, .skip = skip};
          guess.segment.sample = sample;
          guess.segment.little_endian = little_endian;
          guess.segment.is_signed = is_signed;
          try_format(bytes, guess, best);
        }
      }
    }
  }
  return best;
}

// Sums of differences at a distance, large ones counted for less, at some places.
std::uint64_t unlikeness(const std::vector<std::int64_t>& values, std::size_t distance,
                         std::size_t from, std::size_t step) {
  std::uint64_t sum = 0;
  for (std::size_t i = from; i < values.size(); i += step) {
    const auto difference = static_cast<std::uint64_t>(std::abs(values[i] - values[i - distance]));
    sum += static_cast<std::uint64_t>(std::bit_width(difference));
  }
  return sum;
}

}  // namespace

std::optional<SampleGuess> guess_samples(Window bytes) {
  const std::size_t size = std::min(kSample, bytes.size()) & ~std::size_t{3};
  const std::size_t from = (bytes.size() - size) / 2 & ~std::size_t{3};
  const Window sample = bytes.subspan(from, size);
  if (size < 1024) return std::nullopt;
  Best best = best_guess(sample);
  if (best.cost > cost_of_bytes(sample) / 16 * 15) return std::nullopt;
  best.guess.segment.size = bytes.size() - best.guess.skip;
  return best.guess;
}

std::uint32_t guess_row(Window bytes, const Segment& segment) {
  constexpr std::size_t kWidest = 8192, kValues = 40'000;  // in samples
  constexpr std::size_t kStep = 3, kBest = 200;
  const std::size_t pixel = std::size_t{segment.sample} * segment.channels;
  const std::size_t size = std::min(kValues * segment.sample, bytes.size()) / pixel * pixel;
  const std::size_t from = (bytes.size() - size) / 2 / pixel * pixel;
  const std::vector<std::int64_t> values = numbers(bytes.subspan(from, size), segment);
  const std::size_t widest = std::min(kWidest, values.size() / 3);
  // At few places first, and at more where that looks best.
  std::vector<std::pair<std::uint64_t, std::size_t>> rough;
  std::uint64_t sum = 0;
  for (std::size_t distance = 16 * segment.channels; distance <= widest;
       distance += segment.channels) {
    rough.emplace_back(unlikeness(values, distance, widest, 4 * kStep), distance);
    sum += rough.back().first;
  }
  if (rough.empty()) return 0;
  const std::size_t kept = std::min(kBest, rough.size());
  std::ranges::partial_sort(rough, rough.begin() + static_cast<std::ptrdiff_t>(kept));
  const std::uint64_t usual = 4 * sum / rough.size();
  rough.resize(kept);
  std::ranges::sort(rough, {}, [](const auto& cost) { return cost.second; });
  std::uint64_t least = UINT64_MAX;
  std::size_t row = 0;
  for (const auto& [_, distance] : rough) {
    const std::uint64_t cost = unlikeness(values, distance, widest, kStep);
    if (cost + cost / 64 >= least) continue;
    least = cost;
    row = distance;
  }
  if (least > usual / 16 * 15) return 0;
  return static_cast<std::uint32_t>(row * segment.sample);
}

}  // namespace evalzip
