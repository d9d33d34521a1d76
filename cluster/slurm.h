// The commands of Slurm that a run needs: sbatch, squeue, scancel, scontrol. Accounting (sacct) is
// never asked: many sites have none.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace evalzip {

// A command of Slurm failed. The message has what it said.
class SlurmError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A job, or a task of an array, that is waiting or running.
struct QueuedTask {
  std::string job_name, job_id;
  std::size_t task = 0;  // of the array
  bool running = false;  // else it waits
  std::string reason;    // why it waits, in Slurm's word
};

// The lines of squeue in kQueueFormat. Jobs that are completing are among them: one that is to run
// again, because its node failed or was wanted by others, is so for a while.
std::vector<QueuedTask> parse_queue(const std::string& lines);
inline constexpr const char* kQueueFormat = "%j|%F|%K|%T|%r";

class Slurm {
 public:
  // Throws SlurmError that says what to do if Slurm is not installed, or does not answer.
  Slurm();

  // The largest number of tasks an array may have here.
  std::size_t most_tasks() const { return most_tasks_; }

  // The id of the new job; `arguments` go before the script.
  std::string submit(const std::filesystem::path& script,
                     const std::vector<std::string>& arguments) const;

  // This user's tasks whose job's name begins so.
  std::vector<QueuedTask> queue(const std::string& name_prefix) const;

  void cancel(const std::vector<std::string>& job_ids) const;

 private:
  std::size_t most_tasks_;
};

}  // namespace evalzip
