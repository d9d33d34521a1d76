// How often each byte occurs.
#pragma once

#include <array>
#include <cstdint>

#include "codecs/codec.h"

namespace evalzip {

using ByteHistogram = std::array<std::uint32_t, 256>;

// bytes.size() < 2^32.
ByteHistogram count_bytes(Bytes bytes);

}  // namespace evalzip
