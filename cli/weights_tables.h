// The tables of `evalzip model report`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weights/weights_report.h"

namespace evalzip {

// To standard output.
void print_groups(const std::vector<WeightsGroup>& groups);

// A file of weights and its container.
struct Loading {
  std::string name;
  std::uint64_t raw_bytes = 0, stored_bytes = 0;
  double decode_seconds = 0;
  unsigned threads = 1;
  std::vector<double> bandwidths = {};  // bytes a second; none: those of usual disks and networks
};

// What was measured, and the time to load either at several bandwidths of a disk or a network. The
// container is decoded while it is read, so the slower of the two decides.
void print_load_times(const Loading& loading);

}  // namespace evalzip
