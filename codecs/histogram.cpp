#include "codecs/histogram.h"

#include <cstring>

namespace evalzip {

void ByteCounter::add(Bytes bytes) {
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= kTables; left -= kTables, at += kTables) {
    std::uint64_t eight;
    static_assert(sizeof eight == kTables);
    std::memcpy(&eight, at, sizeof eight);
    for (std::size_t i = 0; i < kTables; ++i) ++tables_[i][eight >> (8 * i) & 0xff];
  }
  for (; left > 0; --left, ++at) ++tables_[0][std::to_integer<std::size_t>(*at)];
}

ByteHistogram ByteCounter::total() const {
  ByteHistogram total{};
  for (const auto& table : tables_) {
    for (std::size_t symbol = 0; symbol < total.size(); ++symbol) total[symbol] += table[symbol];
  }
  return total;
}

}  // namespace evalzip
