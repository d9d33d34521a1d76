#include "bounds/ppm_bits.h"

#include <algorithm>

namespace evalzip {

double ppm_bits(Bytes document, unsigned order) {
  const std::size_t fewest = 2 * (order + 2);
  constexpr std::size_t kMost = std::size_t{1} << 26;
  PpmModel model(
      {.order = order, .most_nodes = std::clamp((order + 1) * document.size() + 2, fewest, kMost)});
  CodeLengthMeter meter;
  for (const std::byte byte : document) model.encode(std::to_integer<std::uint8_t>(byte), meter);
  return meter.bits();
}

}  // namespace evalzip
