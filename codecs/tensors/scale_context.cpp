#include "codecs/tensors/scale_context.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "codecs/tensors/tensor_kernels.h"

namespace evalzip {
namespace {

// Short rows would pay more for their lifts than they gain.
constexpr std::size_t kFewestNumbers = 32;
// Enough to tell contexts apart that matter.
constexpr std::size_t kSampled = 4096;
// About what a lift costs, in bits.
constexpr double kBitsOfLift = 3;

struct Facts {
  explicit Facts(std::size_t size)
      : sum(size),
        count(size),
        least(size, std::numeric_limits<std::uint16_t>::max()),
        greatest(size) {}

  // The mean exponent, rounded; 0 if there are none.
  unsigned mean(std::size_t i) const {
    return count[i] == 0 ? 0 : (2 * sum[i] + count[i]) / (2 * count[i]);
  }

  std::vector<std::uint32_t> sum, count;
  std::vector<std::uint16_t> least, greatest;
};

ScaleContext scale_context(Lifts::Of of, unsigned exponent_bits,
                           std::span<const std::uint16_t> heads, std::size_t columns) {
  const TensorKernels& kernels = tensor_kernels().front();
  const std::size_t size = of == Lifts::Of::rows ? heads.size() / columns : columns;
  Facts facts(size);
  const auto survey = of == Lifts::Of::rows ? kernels.survey_rows : kernels.survey_columns;
  survey(exponent_bits, heads, columns,
         {facts.sum.data(), facts.count.data(), facts.least.data(), facts.greatest.data()});
  unsigned most = 0;
  for (std::size_t i = 0; i < size; ++i) most = std::max(most, facts.mean(i));
  ScaleContext context{.of = of, .columns = columns, .exponents = std::vector<std::uint8_t>(size)};
  context.least_exponent = std::numeric_limits<unsigned>::max();
  for (std::size_t i = 0; i < size; ++i) {
    if (facts.count[i] == 0) continue;  // zeros are not lifted
    const unsigned lift = std::min(most - facts.mean(i), 255U);
    context.exponents[i] = static_cast<std::uint8_t>(lift);
    context.least_exponent = std::min(context.least_exponent, facts.least[i] + lift);
    context.greatest_exponent = std::max(context.greatest_exponent, facts.greatest[i] + lift);
  }
  return context;
}

// Shortest code of the exponents under their own counts, in bits a number; from a sample spread
// over all rows and columns.
double bits_of_exponents(unsigned bits, std::span<const std::uint16_t> heads, const Lifts& lifts) {
  std::array<std::uint32_t, (1 << 11) + 256> counts{};
  // Odd, so that a power of two of columns does not meet the same column again and again.
  const std::size_t step = heads.size() / kSampled | 1;
  const std::size_t columns = lifts.of == Lifts::Of::nothing ? heads.size() : lifts.columns;
  const unsigned mask = (1u << bits) - 1, shift = 15 - bits;
  std::size_t row = 0, column = 0, sampled = 0;
  for (std::size_t i = 0; i < heads.size(); i += step, ++sampled) {
    const unsigned exponent = (heads[i] >> shift) & mask;
    unsigned lift = 0;
    if (lifts.of == Lifts::Of::rows) lift = lifts.exponents[row];
    if (lifts.of == Lifts::Of::columns) lift = lifts.exponents[column];
    ++counts[exponent == 0 ? 0 : exponent + lift];
    for (column += step; column >= columns; column -= columns) ++row;
  }
  double length = 0;
  for (const std::uint32_t count : counts) {
    if (count > 0) length -= count * std::log2(count / static_cast<double>(sampled));
  }
  return sampled == 0 ? 0 : length / static_cast<double>(sampled);
}

}  // namespace

ScaleContext best_scale_context(unsigned exponent_bits, std::span<const std::uint16_t> heads,
                                std::size_t columns) {
  ScaleContext best;
  if (columns == 0 || heads.size() < 2 * columns) return best;
  const auto numbers = static_cast<double>(heads.size());
  double least = numbers * bits_of_exponents(exponent_bits, heads, {});
  for (const Lifts::Of of : {Lifts::Of::rows, Lifts::Of::columns}) {
    const std::size_t lifts = of == Lifts::Of::rows ? heads.size() / columns : columns;
    if (heads.size() / lifts < kFewestNumbers) continue;
    ScaleContext context = scale_context(of, exponent_bits, heads, columns);
    const double bits = kBitsOfLift * static_cast<double>(lifts) +
                        numbers * bits_of_exponents(exponent_bits, heads, context.lifts());
    if (bits < least) {
      least = bits;
      best = std::move(context);
    }
  }
  return best;
}

}  // namespace evalzip
