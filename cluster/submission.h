// The cells of a run that are missing -> jobs in Slurm's queue.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "cluster/bundles.h"
#include "cluster/run_folder.h"
#include "cluster/slurm.h"
#include "cluster/slurm_script.h"

namespace evalzip {

struct SubmissionRequest {
  SlurmRequest slurm;
  double bundle_seconds = 300;
  std::string stage;              // as in ArrayScript
  std::filesystem::path program;  // evalzip
  std::filesystem::path out;      // of the job that merges
  std::string checkpoint;         // as exec takes it
};

struct Submission {
  std::size_t cells = 0, tasks = 0, arrays = 0;
  std::filesystem::path folder;  // of its scripts; empty: nothing was left to submit
};

// Tasks of this run that wait or run now, whichever submission they are of; merging jobs too.
std::vector<QueuedTask> living_tasks(const RunFolder& folder, const Slurm& slurm);

// Whether it is one that merges.
bool is_merge(const QueuedTask& task);

// The id of each job once.
std::vector<std::string> job_ids(const std::vector<QueuedTask>& tasks);

// `cells` without those that a living task will run.
std::vector<std::size_t> not_queued(const RunFolder& folder, std::vector<std::size_t> cells,
                                    const std::vector<QueuedTask>& living);

// Writes the scripts, then submits them: one array for each class of cells, then a job that merges
// when these and the living tasks have ended, however they end. Throws SlurmError,
// std::system_error; what was submitted before stays in the queue and is found by living_tasks().
Submission submit_cells(const RunFolder& folder, const WidePlan& plan,
                        const std::vector<std::size_t>& cells, const Slurm& slurm,
                        const SubmissionRequest& request);

// The command that runs cells, without their list.
std::vector<std::string> exec_command(const RunFolder& folder, const SubmissionRequest& request);

}  // namespace evalzip
