#include "cluster/slurm_script.h"

#include <fmt/format.h>

#include "harness/shell_words.h"

namespace evalzip {
namespace {

// '%' begins a replacement in Slurm's file names.
std::string literal(const std::filesystem::path& path) {
  std::string text;
  for (const char c : path.string()) {
    text += c;
    if (c == '%') text += c;
  }
  return text;
}

// sbatch reads its lines with the quotes of a shell.
void add(std::string& text, const std::string& option) {
  text += fmt::format("#SBATCH {}\n", shell_word(option));
}

void add_common(std::string& text, const SlurmRequest& request) {
  add(text, "--open-mode=append");
  add(text, "--requeue");
  if (!request.partition.empty()) add(text, "--partition=" + request.partition);
  if (!request.account.empty()) add(text, "--account=" + request.account);
  if (!request.time.empty()) add(text, "--time=" + request.time);
  if (!request.constraint.empty()) add(text, "--constraint=" + request.constraint);
  for (const std::string& other : request.others) add(text, other);
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{}M", (bytes + (1 << 20) - 1) >> 20);
}

}  // namespace

std::string format_script(const ArrayScript& script, const SlurmRequest& request) {
  std::string text = "#!/bin/sh\n";
  add(text, "--job-name=" + script.job_name);
  add(text, fmt::format("--array=0-{}{}", script.tasks - 1,
                        request.max_parallel ? fmt::format("%{}", *request.max_parallel) : ""));
  add(text, "--output=" + literal(script.logs) + "/%x-%a.out");
  add(text, fmt::format("--cpus-per-task={}", script.resources.cores));
  add(text, "--mem=" + megabytes(script.resources.memory_bytes));
  if (script.resources.gpus > 0) add(text, fmt::format("--gres=gpu:{}", script.resources.gpus));
  if (script.resources.exclusive) add(text, "--exclusive");
  add_common(text, request);
  text += "# Each line of the task file has the cells of one task.\n";
  text += fmt::format("cells=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" {})\n",
                      shell_word(script.task_file.string()));
  text += "[ -n \"$cells\" ] || { echo 'no cells for this task' >&2; exit 2; }\n";
  const std::string stage = script.stage.empty() ? "" : " --stage " + script.stage;
  text += fmt::format("exec {}{} --index \"$cells\"\n", shell_command(script.command), stage);
  return text;
}

std::string format_script(const SingleScript& script, const SlurmRequest& request) {
  std::string text = "#!/bin/sh\n";
  add(text, "--job-name=" + script.job_name);
  add(text, "--output=" + literal(script.logs) + "/%x.out");
  add(text, "--ntasks=1");
  add_common(text, request);
  return text + fmt::format("exec {}\n", shell_command(script.command));
}

}  // namespace evalzip
