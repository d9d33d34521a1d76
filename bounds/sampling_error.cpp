#include "bounds/sampling_error.h"

#include <cmath>
#include <cstdint>

#include "bounds/counters.h"

namespace evalzip {
namespace {

constexpr std::size_t kFewestBytes = 4096, kBatches = 32;

// Calls f(index) for every byte: index of the byte and the `order` bytes before it.
template <class F>
void for_each_context(Bytes document, std::size_t first, std::size_t last, unsigned order, F f) {
  const std::size_t mask = (std::size_t{256} << 8 * order) - 1;
  std::size_t index = 0;
  for (std::size_t i = first > order ? first - order : 0; i < first; ++i) {
    index = index << 8 | std::to_integer<std::size_t>(document[i]);
  }
  for (std::size_t i = first; i < last; ++i) {
    index = (index << 8 | std::to_integer<std::size_t>(document[i])) & mask;
    f(index);
  }
}

double standard_error(const std::vector<double>& means) {
  const auto count = static_cast<double>(means.size());
  double sum = 0, squares = 0;
  for (const double mean : means) sum += mean;
  for (const double mean : means) squares += (mean - sum / count) * (mean - sum / count);
  return std::sqrt(squares / (count * (count - 1)));
}

double sampling_error(Bytes document, unsigned order) {
  Counters counts(std::size_t{256} << 8 * order), totals(std::size_t{1} << 8 * order);
  for_each_context(document, 0, document.size(), order, [&](std::size_t at) {
    ++counts[at];
    ++totals[at / 256];
  });
  std::vector<double> means(kBatches, 0);
  for (std::size_t b = 0; b < kBatches; ++b) {
    const std::size_t first = document.size() * b / kBatches;
    const std::size_t last = document.size() * (b + 1) / kBatches;
    for_each_context(document, first, last, order, [&](std::size_t at) {
      means[b] += std::log2(static_cast<double>(totals[at / 256]) / counts[at]);
    });
    means[b] /= static_cast<double>(last - first);
  }
  return standard_error(means);
}

}  // namespace

std::vector<double> sampling_errors(Bytes document, unsigned highest_order) {
  std::vector<double> errors;
  if (document.size() < kFewestBytes) return errors;
  for (unsigned order = 0; order <= highest_order; ++order) {
    errors.push_back(sampling_error(document, order));
  }
  return errors;
}

double half_width(const OrderStatistics& statistics, double standard_error) {
  constexpr double kStandardErrors = 2.04;  // Student's t of 31 degrees of freedom, 95 %
  return kStandardErrors * standard_error +
         (statistics.corrected_bits - statistics.empirical_bits) /
             static_cast<double>(statistics.symbols);
}

}  // namespace evalzip
