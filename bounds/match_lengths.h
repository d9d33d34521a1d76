// How far a text repeats what came before, and the entropy rate that this tells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

// For every place the length of the longest match with what begins earlier (it may overlap the
// place itself). Linear time through the suffix array (Crochemore and Ilie, 2008); 16 bytes of
// memory for each of `text`. Precondition: text.size() <= kLongestSuffixText.
std::vector<std::uint32_t> longest_earlier_matches(Bytes text);

// An entropy rate in bits per byte. `low` and `high` enclose the estimate, what it becomes if the
// byte that ends each match is not counted, and what the slope of match lengths says, each with two
// standard errors of 32 batch means: wide for short texts, as the estimate is slow to converge.
struct MatchEntropy {
  double bits_per_byte = 0, low = 0, high = 0;
};

inline constexpr std::size_t kFewestMatches = 4096;

// From longest_earlier_matches(): a match of unknown text i places into it ends after about
// log2(i) / rate bytes (Grassberger, 1989), so the rate is the reciprocal of the mean of
// (1 + match) / log2(i) (Kontoyiannis, Algoet, Suhov and Wyner, 1998). That mean also has a term of
// order 1 / log2(i), which is what makes the estimate slow; the slope of the match length against
// log2(i) has none. Matches more than 8 times the usual length, as of a passage that comes twice,
// count as 8 times. Not a bound: no decoder follows it. Absent below kFewestMatches.
std::optional<MatchEntropy> match_entropy(std::span<const std::uint32_t> matches);

}  // namespace evalzip
