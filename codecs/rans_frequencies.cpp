#include "codecs/rans_frequencies.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace evalzip {
namespace {

// log2((f + 1) / f) * ln(2) / 2 = atanh(1 / (2f + 1)), the first two terms of its series: within
// 0.3 % of it at f = 1 and exact to 1e-6 from f = 10 on. Only the order of such values matters.
double step_weight(double f) {
  const double z = 1.0 / (2.0 * f + 1.0);
  return z + z * z * z * (1.0 / 3.0);
}

struct Entry {
  double count;
  std::uint32_t frequency;
  std::uint8_t symbol;
  double gain = 0, loss = 0;  // of one slot more, of one less

  void set(std::uint32_t new_frequency) {
    frequency = new_frequency;
    gain = count * step_weight(frequency);
    loss = frequency > 1 ? count * step_weight(frequency - 1)
                         : std::numeric_limits<double>::infinity();
  }
};

// Every symbol's share rounded to the nearest, at least 1. Returns the sum.
std::int64_t round_shares(std::span<Entry> entries, double scale) {
  std::int64_t sum = 0;
  for (Entry& entry : entries) {
    entry.set(std::max(1u, static_cast<std::uint32_t>(std::floor(entry.count * scale + 0.5))));
    sum += entry.frequency;
  }
  return sum;
}

}  // namespace

// Code length is a sum of convex functions of single frequencies, so frequencies are optimal if and
// only if no single slot is better moved from one symbol to another (Ibaraki & Katoh 1988);
// rounding starts close to it, and moving one slot at a time ends there.
Frequencies normalise(const Counts& counts, int bits) {
  std::array<Entry, 256> storage;
  std::size_t size = 0;
  double total = 0;
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
    if (counts[symbol] == 0) continue;
    storage[size++] = {static_cast<double>(counts[symbol]), 0, static_cast<std::uint8_t>(symbol)};
    total += counts[symbol];
  }
  const std::span entries(storage.data(), size);
  const std::int64_t wanted = std::int64_t{1} << bits;
  assert(size > 0 && static_cast<std::int64_t>(size) <= wanted);
  std::int64_t sum = round_shares(entries, static_cast<double>(wanted) / total);
  const auto most_gain = [&] { return std::ranges::max_element(entries, {}, &Entry::gain); };
  const auto least_loss = [&] { return std::ranges::min_element(entries, {}, &Entry::loss); };
  const auto change = [](auto entry, int by) { entry->set(entry->frequency + by); };
  for (; sum < wanted; ++sum) change(most_gain(), 1);
  for (; sum > wanted; --sum) change(least_loss(), -1);
  while (true) {
    const auto to = most_gain();
    const auto from = least_loss();
    if (to == from || to->gain <= from->loss) break;
    change(to, 1);
    change(from, -1);
  }
  Frequencies frequencies{};
  for (const Entry& entry : entries) {
    frequencies[entry.symbol] = static_cast<std::uint16_t>(entry.frequency);
  }
  return frequencies;
}

double code_length_bits(const Counts& counts, const Frequencies& frequencies, int bits) {
  double length = 0;
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
    if (counts[symbol] == 0) continue;
    length += counts[symbol] * (bits - std::log2(static_cast<double>(frequencies[symbol])));
  }
  return length;
}

}  // namespace evalzip
