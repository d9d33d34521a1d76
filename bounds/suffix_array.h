// The suffixes of a text in lexicographic order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

inline constexpr std::size_t kLongestSuffixText = 0x7ffffffe;

// Where each suffix begins, the least suffix first; a suffix precedes those it is a prefix of.
// Linear time by induced sorting (Nong, Zhang and Chan, 2009: SA-IS); about 14 bytes of memory for
// each of `text`. Precondition: text.size() <= kLongestSuffixText.
std::vector<std::int32_t> suffix_array(Bytes text);

}  // namespace evalzip
