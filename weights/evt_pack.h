// Writes .evt files: weights, tensor by tensor, with several threads and bounded memory.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "container/byte_stream.h"
#include "weights/evt_index.h"
#include "weights/random_access.h"
#include "weights/tensor_index.h"

namespace evalzip {

struct WeightsFile {
  RandomAccess bytes;
  TensorIndex index;
  std::string name;  // without folders
};

struct EvtPacking {
  unsigned threads = 1;
  PlaneCode code = PlaneCode::rans;
  const WeightsFile* base = nullptr;  // chunks may be differences from it
  // Called after each chunk with the bytes read so far.
  std::function<void(std::uint64_t)> observe = [](std::uint64_t) {};
};

// Where the counterpart of each segment lies in a base: the tensor of its name, type and shape;
// absent where it has none.
using BaseOffset = std::optional<std::uint64_t>;
std::vector<BaseOffset> offsets_in_base(std::span<const EvtSegment> segments,
                                        const WeightsFile& base);

// Tensors with the same bytes are stored once. Returns what the file's end says. Throws what the
// weights and the sink throw, and ContainerError (unsuitable) for a base that has no tensor of
// these.
EvtIndex pack_weights(const WeightsFile& weights, const EvtPacking& packing, const ByteSink& sink);

}  // namespace evalzip
