// Bytes that can be read from any place.
#pragma once

#include <cstdint>
#include <functional>

#include "codecs/codec.h"

namespace evalzip {

struct RandomAccess {
  std::uint64_t size = 0;
  // Fills the buffer from `offset` on; both lie within the size. Throws what its owner throws. May
  // be called from several threads.
  std::function<void(std::uint64_t offset, MutableBytes buffer)> read;
};

}  // namespace evalzip
