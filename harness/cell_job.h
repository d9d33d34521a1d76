// One cell of a plan, run to its result wherever there is a machine. Running it twice does no harm:
// the second time finds the result of the first.
#pragma once

#include <optional>
#include <string>

#include "harness/block_checkpoint.h"
#include "harness/plan_file.h"
#include "harness/result_folder.h"
#include "harness/staging.h"

namespace evalzip {

// What the jobs of one process share.
struct JobControl {
  WorkerProcess process;
  std::function<bool()> interrupted;
  std::function<void(const std::string&)> note;  // told what a person should know
  RunObserver& observer;
  Environment environment;  // of this machine
  const ResultFolder& results;
  const Stage* stage;  // null: documents and models are read where they lie
  InputCheck& check;
  double checkpoint_seconds;  // cells of which more is expected are kept block by block
};

enum class JobEnd {
  done,         // its result is kept now
  present,      // it was there
  interrupted,  // what is done so far is kept
  unfit         // this machine could not run it; there is no result
};

struct JobReport {
  JobEnd end = JobEnd::done;
  Outcome outcome = Outcome::skipped;  // of the result, where there is one
  std::string detail;
};

// Waits for another process that runs the same cell, then finds its result. What is wrong with this
// cell alone is reported; std::system_error is thrown, for example when the disk is full.
JobReport run_cell(const WidePlan& plan, const PlannedCell& cell, const JobControl& control);

}  // namespace evalzip
