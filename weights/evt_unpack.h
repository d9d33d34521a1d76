// Reads .evt files: all of the weights, or one tensor.
#pragma once

#include <functional>
#include <string>

#include "container/byte_stream.h"
#include "weights/evt_index.h"
#include "weights/evt_pack.h"
#include "weights/random_access.h"

namespace evalzip {

struct EvtUnpacking {
  unsigned threads = 1;
  const WeightsFile* base = nullptr;  // whose hash is index.base_hash
  // Called after each chunk with the bytes given so far.
  std::function<void(std::uint64_t)> observe = [](std::uint64_t) {};
};

// Gives the sink all of the file of weights, or the bytes of one segment. Only chunks whose
// checksum is right go to the sink, but they go as they come: what was written is whole only if
// this returns. Throws ContainerError that names the tensor, and what the container, the base and
// the sink throw.
void unpack_weights(const RandomAccess& container, const EvtIndex& index,
                    const EvtUnpacking& unpacking, const ByteSink& sink);
void unpack_segment(const RandomAccess& container, const EvtIndex& index, const EvtSegment& segment,
                    const EvtUnpacking& unpacking, const ByteSink& sink);

// Whether a file is the base of the container.
bool is_base(const RandomAccess& file, const EvtIndex& index);

}  // namespace evalzip
