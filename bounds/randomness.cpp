#include "bounds/randomness.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "bounds/byte_counts.h"

namespace evalzip {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16;  // products of a piece sum below 2^32

std::uint64_t sum_of_neighbour_products(Bytes document) {
  std::uint64_t sum = std::to_integer<std::uint64_t>(document.back()) *
                      std::to_integer<std::uint64_t>(document.front());
  for (std::size_t at = 0; at + 1 < document.size(); at += kPiece) {
    const std::size_t end = std::min(at + kPiece, document.size() - 1);
    std::uint32_t piece = 0;
    for (std::size_t i = at; i < end; ++i) {
      piece += std::to_integer<std::uint32_t>(document[i]) *
               std::to_integer<std::uint32_t>(document[i + 1]);
    }
    sum += piece;
  }
  return sum;
}

double upper_tail(double chi_square, double degrees) {
  const double spread = 2 / (9 * degrees);
  const double normal = (std::cbrt(chi_square / degrees) - (1 - spread)) / std::sqrt(spread);
  return std::erfc(normal / std::sqrt(2.0)) / 2;
}

}  // namespace

std::optional<Randomness> randomness(Bytes document) {
  if (document.empty()) return std::nullopt;
  const ByteCounts counts = byte_counts(document);
  const auto size = static_cast<double>(document.size());
  double sum = 0, squares = 0, deviations = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const auto value = static_cast<double>(byte), count = static_cast<double>(counts[byte]);
    sum += count * value;
    squares += count * value * value;
    deviations += (count - size / 256) * (count - size / 256);
  }
  Randomness found;
  found.chi_square = deviations / (size / 256);
  found.mean_byte = sum / size;
  found.chi_square_exceeded = upper_tail(found.chi_square, 255);
  const double spread = size * squares - sum * sum;
  if (spread > 0) {
    const auto products = static_cast<double>(sum_of_neighbour_products(document));
    found.serial_correlation = (size * products - sum * sum) / spread;
  }
  return found;
}

}  // namespace evalzip
