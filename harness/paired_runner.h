// Two sides of a comparison measured in turns, in one job on one machine.
#pragma once

#include <functional>
#include <optional>

#include "harness/cell_runner.h"

namespace evalzip {

// What is compared: the same cells, as each side runs them. Cell i of one plan is cell i of the
// other.
struct PairedSides {
  const Plan& base;
  const Plan& head;
  WorkerProcess base_process, head_process;
};

struct PairedSettings {
  unsigned samples = 20;      // a side and direction, each from a process of its own
  unsigned long_samples = 6;  // of cells in which these take long_seconds
  double long_seconds = 60;
  std::optional<std::chrono::duration<double>> timeout;  // per worker
};

struct PairedRecords {
  Record base, head;
};

class PairedRunner {
 public:
  // The plans must outlive the runner.
  PairedRunner(const PairedSides& sides, const PairedSettings& settings,
               std::function<bool()> interrupted);

  // Measures cell `index` of both plans in the order of Thue and Morse. A side that fails ends the
  // cell. Absent if the user interrupted.
  std::optional<PairedRecords> run(std::size_t index);

 private:
  PairedSettings settings_;
  const Plan& base_;
  const Plan& head_;
  CellRunner base_runner_, head_runner_;
};

}  // namespace evalzip
