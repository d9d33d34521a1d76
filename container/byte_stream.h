// Where bytes come from and go to: files, pipes, memory.
#pragma once

#include <functional>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

// Fills the buffer as far as there are bytes and returns how many; less than asked means that the
// end has come. Throws what its owner throws.
using ByteSource = std::function<std::size_t(MutableBytes)>;

// Takes all of the bytes, or throws what its owner throws.
using ByteSink = std::function<void(Bytes)>;

// Reads up to `most` bytes into `buffer`, which gets the size of what came and never more than
// about twice of it: a size that a file tells is not to be believed before its bytes have come.
void read_up_to(const ByteSource& source, std::size_t most, std::vector<std::byte>& buffer);

}  // namespace evalzip
