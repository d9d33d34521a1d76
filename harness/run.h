// plan -> run the cells -> merge.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "harness/cost_model.h"
#include "harness/journal.h"
#include "harness/plan.h"
#include "harness/worker_process.h"

namespace evalzip {

// Told what is going on. Does nothing by default.
class RunObserver {
 public:
  virtual ~RunObserver() = default;

  struct Progress {
    std::size_t done = 0, total = 0;  // rounds of cells
    std::optional<double> seconds_left;
  };
  virtual void estimating(const std::string& /*codec*/) {}
  virtual void starting(const Record& /*cell*/, unsigned /*round*/, const Progress&) {}
  virtual void finished(const RoundResult& /*result*/, const Progress&) {}
};

// What a run needs beside its plan.
struct RunControl {
  WorkerProcess process;
  std::function<bool()> interrupted;  // polled; true ends the run, keeping what is done
  Journal& journal;
  RunObserver& observer;
};

// A cell that has run this long gets no further round, unless the user asked for a number of
// samples: setting up would cost more than another process tells.
inline constexpr double kLongCellSeconds = 60;

// How a round of each cell is sampled.
RoundShape round_shape(const Settings& settings, unsigned round);

// Runs every cell in as many rounds (worker processes) as the plan's settings say, each round in a
// shuffled order of its own, skipping rounds that the journal already holds. With a budget, cells
// that cannot be measured in time are left out and say so; so are cells that were not reached when
// the user interrupted, and then the run is not `complete`. Fills records, order, complete and the
// times; the environment is the caller's.
Run execute(const Plan& plan, const RunControl& control);

}  // namespace evalzip
