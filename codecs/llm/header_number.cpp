#include "codecs/llm/header_number.h"

namespace evalzip {

void write_number(std::uint64_t number, std::vector<std::byte>& bytes) {
  for (; number >= 0x80; number >>= 7) bytes.push_back(static_cast<std::byte>(number | 0x80));
  bytes.push_back(static_cast<std::byte>(number));
}

std::optional<std::uint64_t> read_number(Bytes& rest) {
  std::uint64_t number = 0;
  for (unsigned i = 0; i < 9 && i < rest.size(); ++i) {
    const auto byte = std::to_integer<std::uint64_t>(rest[i]);
    number |= (byte & 0x7f) << (7 * i);
    if (byte >= 0x80) continue;
    if (byte == 0 && i > 0) return std::nullopt;
    rest = rest.subspan(i + 1);
    return number;
  }
  return std::nullopt;
}

}  // namespace evalzip
