// The text of batch scripts: what a user reads before, and an administrator after.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/resources.h"

namespace evalzip {

// What the user says of the jobs, passed on to sbatch as it is.
struct SlurmRequest {
  std::string partition, account, time, constraint;  // empty: not said
  std::optional<unsigned> max_parallel;              // tasks of an array at once
  std::vector<std::string> others;                   // further options: "--qos=long"
};

// One array of tasks.
struct ArrayScript {
  std::string job_name;
  ResourceClass resources;
  std::size_t tasks = 0;
  std::filesystem::path task_file;   // a line of cells for each task
  std::filesystem::path logs;        // folder
  std::vector<std::string> command;  // what runs the cells; their list is put behind it
  // Shell text for the folder on the node's own disk; empty: nothing is staged.
  std::string stage;
};

std::string format_script(const ArrayScript& script, const SlurmRequest& request);

// A job that runs a command once, with little of everything.
struct SingleScript {
  std::string job_name;
  std::filesystem::path logs;
  std::vector<std::string> command;
};

std::string format_script(const SingleScript& script, const SlurmRequest& request);

}  // namespace evalzip
