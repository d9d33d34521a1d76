// Where along a document its redundancy lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

// One of equally long stretches of the document; the last may be shorter.
struct ProfileWindow {
  std::uint64_t offset = 0, size = 0;
  double local_bits = 0;     // empirical order-0 entropy of the window alone
  double adaptive_bits = 0;  // what order-1 statistics of everything before it make it cost
  // Share of its bytes that lie in matches of at least kLongMatch bytes with what came before;
  // negative where matches were not asked for or do not reach.
  double repeated_share = -1;
};

inline constexpr std::uint32_t kLongMatch = 16;

// At most `windows` > 0 of them; none of an empty document. `matches` is
// longest_earlier_matches() of the document or of its beginning, or empty. One thread, about
// 30 MB/s.
std::vector<ProfileWindow> entropy_profile(Bytes document, std::span<const std::uint32_t> matches,
                                           std::size_t windows);

}  // namespace evalzip
