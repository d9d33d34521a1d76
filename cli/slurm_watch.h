// Waits for the jobs of a run and says how far they are.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/run_progress.h"
#include "cluster/submission.h"

namespace evalzip {

class SlurmWatch {
 public:
  SlurmWatch(const RunFolder& folder, const Slurm& slurm, std::size_t cells, StatusLine& line)
      : folder_(folder), slurm_(slurm), cells_(cells), line_(line) {}

  // Until no task of the run waits or runs, and its merging job has had a minute. False: the user
  // interrupted. A queue that does not answer is asked again.
  bool wait();

  // Takes what is left of the run's jobs out of the queue. Throws SlurmError.
  void cancel();

 private:
  // Tasks in the queue; absent if it does not answer.
  std::optional<std::vector<QueuedTask>> ask();
  void tell(const std::vector<QueuedTask>& tasks);
  bool pause(std::chrono::duration<double> time) const;

  const RunFolder& folder_;
  const Slurm& slurm_;
  std::size_t cells_;
  StatusLine& line_;
  bool complained_ = false;
  std::string told_text_;
  std::chrono::steady_clock::time_point told_;
};

}  // namespace evalzip
