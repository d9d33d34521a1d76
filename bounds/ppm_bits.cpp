#include "bounds/ppm_bits.h"

namespace evalzip {

double ppm_bits(Bytes document, unsigned order) {
  constexpr std::size_t kMostMemory = std::size_t{1} << 30;
  PpmModel model(ppm_settings(order, document.size(), kMostMemory));
  CodeLengthMeter meter;
  for (const std::byte byte : document) model.encode(std::to_integer<std::uint8_t>(byte), meter);
  return meter.bits();
}

}  // namespace evalzip
