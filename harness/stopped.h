// Why a measurement ended early.
#pragma once

#include <string>

#include "harness/record.h"

namespace evalzip {

// Thrown inside a worker; becomes the outcome of its reply.
struct Stopped {
  Outcome outcome;
  std::string detail;
};

}  // namespace evalzip
