#include "bounds/byte_counts.h"

#include <algorithm>

#include "codecs/histogram.h"

namespace evalzip {

ByteCounts byte_counts(Bytes document) {
  constexpr std::size_t kPiece = std::size_t{1} << 30;  // its counts fit into 32 bits
  ByteCounts counts{};
  for (std::size_t at = 0; at < document.size(); at += kPiece) {
    const ByteHistogram part =
        count_bytes(document.subspan(at, std::min(kPiece, document.size() - at)));
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += part[i];
  }
  return counts;
}

}  // namespace evalzip
