// Peak resident memory of this process since a chosen moment, and a limit on it.
#pragma once

#include <cstdint>
#include <optional>

namespace evalzip {

// Construct with all buffers in place, then let the codec work.
class PeakMemory {
 public:
  PeakMemory();

  // Highest resident size since construction minus the resident size at construction, in bytes, or
  // that of the largest process that was started and waited for, if it is higher. The kernel counts
  // in batches: an error of a few hundred KB is possible. Absent where the platform
  // does not tell.
  std::optional<std::uint64_t> bytes() const;

  // Resident size now minus the resident size at construction; 0 if it shrank.
  std::optional<std::uint64_t> retained_bytes() const;

 private:
  std::optional<std::uint64_t> before_;
};

// A soft limit on the writable memory of this process: an allocation beyond it fails. Without
// effect where the platform has no such limit.
class MemoryLimit {
 public:
  // The process may take `further_bytes` more than it has now.
  explicit MemoryLimit(std::uint64_t further_bytes);

  // Memory that the codec is not to be charged for.
  void allow(std::uint64_t bytes);

 private:
  void apply() const;

  std::optional<std::uint64_t> limit_;
};

// Memory that could be taken now without swapping, in bytes. Absent where the platform does not
// tell.
std::optional<std::uint64_t> available_memory();

}  // namespace evalzip
