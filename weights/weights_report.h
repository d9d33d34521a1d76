// Where the bits of weights go: by kind of tensor and number format.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weights/evt_index.h"
#include "weights/evt_pack.h"

namespace evalzip {

// Order-0 entropies of the fields of floats, in bits a number.
struct FieldEntropies {
  double sign = 0, exponent = 0, mantissa = 0;
  unsigned exponent_bits = 0, mantissa_bits = 0;  // as stored; 0: the numbers are no floats
};

struct WeightsGroup {
  std::string kind, type;  // "attention", "BF16"
  std::uint64_t tensors = 0, numbers = 0, bytes = 0;
  std::uint64_t stored = 0;  // bytes in the container; of twins none
  FieldEntropies entropies;
};

// "embedding", "attention", "MLP", "norm" or "other", by the names that the usual architectures
// use.
std::string tensor_kind(std::string_view name);

// The tensors of a container in groups, by kind and type; entropies are those of the weights it was
// packed from. In the order in which kinds and types first come.
std::vector<WeightsGroup> group_weights(const EvtIndex& index, const WeightsFile& weights);

}  // namespace evalzip
