#include "codecs/histogram.h"

#include <cstring>

namespace evalzip {
namespace {

// A counter is loaded, raised and stored; the next rise of the same counter waits until that store
// is forwarded. Several tables let equal neighbours go to different counters.
constexpr std::size_t kTables = 8;
using Tables = std::array<ByteHistogram, kTables>;

void count_eight(Tables& tables, std::uint64_t eight) {
  for (std::size_t i = 0; i < kTables; ++i) ++tables[i][eight >> (8 * i) & 0xff];
}

}  // namespace

ByteHistogram count_bytes(Bytes bytes) {
  Tables tables{};
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 16; left -= 16, at += 16) {
    std::uint64_t first, second;
    std::memcpy(&first, at, 8);
    std::memcpy(&second, at + 8, 8);
    count_eight(tables, first);
    count_eight(tables, second);
  }
  for (; left > 0; --left, ++at) ++tables[0][std::to_integer<std::size_t>(*at)];
  ByteHistogram total{};
  for (const ByteHistogram& table : tables) {
    for (std::size_t symbol = 0; symbol < total.size(); ++symbol) total[symbol] += table[symbol];
  }
  return total;
}

}  // namespace evalzip
