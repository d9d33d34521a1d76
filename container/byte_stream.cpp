#include "container/byte_stream.h"

#include <algorithm>

namespace evalzip {

void read_up_to(const ByteSource& source, std::size_t most, std::vector<std::byte>& buffer) {
  constexpr std::size_t kFirst = 1 << 16;
  std::size_t have = 0, room = std::min(most, std::max(kFirst, buffer.size()));
  while (true) {
    buffer.resize(room);
    const std::size_t came = source(MutableBytes(buffer).subspan(have));
    have += came;
    if (have < room || have == most) break;
    room = std::min(most, 2 * room);
  }
  buffer.resize(have);
}

}  // namespace evalzip
