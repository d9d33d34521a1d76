#include "cli/allocation.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

namespace evalzip {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string job_number() {
  const std::string array = variable("SLURM_ARRAY_JOB_ID");
  if (array.empty()) return variable("SLURM_JOB_ID");
  return fmt::format("{}_{}", array, variable("SLURM_ARRAY_TASK_ID"));
}

}  // namespace

void place_in_allocation(Environment& environment) {
  if (variable("SLURM_JOB_ID").empty()) return;
  std::string text = fmt::format("slurm job {}", job_number());
  // Several nodes of Slurm may be one machine; the scheduler's name is the one users know.
  if (const std::string node = variable("SLURMD_NODENAME"); !node.empty()) {
    environment.host = node;
    text += " on node " + node;
  }
  if (const std::string cores = variable("SLURM_CPUS_ON_NODE"); !cores.empty()) {
    text += fmt::format(", {} CPUs", cores);
  }
  if (const std::string restarts = variable("SLURM_RESTART_COUNT"); !restarts.empty()) {
    text += fmt::format(", restart {}", restarts);
  }
  environment.allocation = std::move(text);
}

}  // namespace evalzip
