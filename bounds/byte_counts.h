// How often each byte occurs in a document of any size.
#pragma once

#include <array>
#include <cstdint>

#include "codecs/codec.h"

namespace evalzip {

using ByteCounts = std::array<std::uint64_t, 256>;

ByteCounts byte_counts(Bytes document);

}  // namespace evalzip
