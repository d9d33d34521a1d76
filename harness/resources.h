// What a cell asks of the machine it runs on.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "harness/plan.h"

namespace evalzip {

// Cells of one class can wait in one queue: they fit on the same machines.
struct ResourceClass {
  unsigned cores = 1;
  std::uint64_t memory_bytes = 0;
  unsigned gpus = 0;
  bool exclusive = true;  // nothing else may run beside it, because its speed counts

  auto operator<=>(const ResourceClass&) const = default;
};

// Of a setting on a document: the cores that the harness or the codec uses at once, and the memory
// that the codec says it takes, else two gigabytes, beside the document, its encoding and the
// decoded copy. Memory is rounded up, so that like cells share a class.
ResourceClass resources_for(const CodecSpec& codec, const PlannedDocument& document,
                            const Settings& settings);

}  // namespace evalzip
