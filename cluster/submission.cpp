#include "cluster/submission.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "harness/cell_list.h"
#include "harness/output_file.h"

namespace evalzip {
namespace {

// Names of jobs tell of which run, submission and array they are: evalzip-RUN-SUBMISSION-ARRAY.
std::string name_prefix(const RunFolder& folder) {
  return fmt::format("evalzip-{}-", folder.run_name());
}

constexpr const char* kMergeSuffix = "merge";

std::filesystem::path task_file(const std::filesystem::path& submission, std::string_view array) {
  return submission / fmt::format("array-{}.tasks", array);
}

std::string lines_of(const TaskArray& array) {
  std::string lines;
  for (const auto& cells : array.tasks) lines += format_cell_list(cells) + "\n";
  return lines;
}

// The cells of a task in the queue; none if it merges.
std::vector<std::size_t> cells_of(const RunFolder& folder, const QueuedTask& task) {
  const std::string rest = task.job_name.substr(name_prefix(folder).size());
  const std::size_t dash = rest.find('-');
  if (dash == rest.npos || is_merge(task)) return {};
  std::ifstream lines(
      task_file(folder.path() / "submit" / rest.substr(0, dash), rest.substr(dash + 1)));
  std::string line;
  for (std::size_t i = 0; i <= task.task; ++i) {
    if (!std::getline(lines, line)) return {};
  }
  // No line means no cells here, not all of them.
  return line.empty() ? std::vector<std::size_t>() : parse_cell_list(line, SIZE_MAX);
}

// The scripts of a submission, on disk.
class Scripts {
 public:
  Scripts(const RunFolder& folder, const SubmissionRequest& request)
      : folder_(folder),
        request_(request),
        number_(folder.begin_submission()),
        place_(folder.submission(number_)) {}

  const std::filesystem::path& place() const { return place_; }

  // A script and the name of its job.
  struct Script {
    std::filesystem::path file;
    std::string job_name;
  };

  // Returns the id of the job. Its name is said on the command line, which nothing overrules.
  std::string submit(const Script& script, const Slurm& slurm,
                     std::vector<std::string> arguments) const {
    arguments.push_back("--job-name=" + script.job_name);
    std::string id = slurm.submit(script.file, arguments);
    folder_.keep_job(number_, id);
    return id;
  }

  Script write(const TaskArray& array, std::size_t number) const {
    const std::string name = fmt::format("{}", number);
    replace_file(task_file(place_, name), lines_of(array));
    return write("array-" + name, job_name(name),
                 format_script(ArrayScript{.job_name = job_name(name),
                                           .resources = array.resources,
                                           .tasks = array.tasks.size(),
                                           .task_file = task_file(place_, name),
                                           .logs = folder_.logs(),
                                           .command = exec_command(folder_, request_),
                                           .stage = request_.stage},
                               request_.slurm));
  }

  Script write_merge() const {
    const std::vector<std::string> command{request_.program.string(), "merge",
                                           folder_.path().string(), "--out",
                                           std::filesystem::absolute(request_.out).string()};
    return write(kMergeSuffix, job_name(kMergeSuffix),
                 format_script(SingleScript{.job_name = job_name(kMergeSuffix),
                                            .logs = folder_.logs(),
                                            .command = command},
                               request_.slurm));
  }

 private:
  std::string job_name(const std::string& array) const {
    return fmt::format("{}{:03}-{}", name_prefix(folder_), number_, array);
  }

  Script write(const std::string& name, const std::string& job, const std::string& text) const {
    const std::filesystem::path script = place_ / (name + ".sbatch");
    replace_file(script, text);
    return {.file = script, .job_name = job};
  }

  const RunFolder& folder_;
  const SubmissionRequest& request_;
  std::size_t number_;
  std::filesystem::path place_;
};

}  // namespace

std::vector<QueuedTask> living_tasks(const RunFolder& folder, const Slurm& slurm) {
  return slurm.queue(name_prefix(folder));
}

bool is_merge(const QueuedTask& task) {
  return task.job_name.ends_with(std::string("-") + kMergeSuffix);
}

std::vector<std::string> job_ids(const std::vector<QueuedTask>& tasks) {
  std::set<std::string> ids;
  for (const QueuedTask& task : tasks) ids.insert(task.job_id);
  return {ids.begin(), ids.end()};
}

std::vector<std::size_t> not_queued(const RunFolder& folder, std::vector<std::size_t> cells,
                                    const std::vector<QueuedTask>& living) {
  std::set<std::size_t> queued;
  for (const QueuedTask& task : living) {
    for (const std::size_t cell : cells_of(folder, task)) queued.insert(cell);
  }
  std::erase_if(cells, [&](std::size_t cell) { return queued.contains(cell); });
  return cells;
}

std::vector<std::string> exec_command(const RunFolder& folder, const SubmissionRequest& request) {
  return {request.program.string(), "exec",         "--plan",
          folder.plan().string(),   "--checkpoint", request.checkpoint};
}

Submission submit_cells(const RunFolder& folder, const WidePlan& plan,
                        const std::vector<std::size_t>& cells, const Slurm& slurm,
                        const SubmissionRequest& request) {
  const std::vector<QueuedTask> living = living_tasks(folder, slurm);
  const bool merge_is_there = std::ranges::any_of(living, is_merge);
  // A submitter that was killed before its last job left cells that nobody would merge.
  if (cells.empty() && (living.empty() || merge_is_there)) return {};
  const Scripts scripts(folder, request);
  const std::vector<TaskArray> arrays =
      bundle(plan, cells, {.seconds = request.bundle_seconds, .most_tasks = slurm.most_tasks()});
  Submission submission{.cells = cells.size(), .arrays = arrays.size(), .folder = scripts.place()};
  std::vector<Scripts::Script> written;
  for (const TaskArray& array : arrays) {
    written.push_back(scripts.write(array, written.size() + 1));
    submission.tasks += array.tasks.size();
  }
  const Scripts::Script merge = scripts.write_merge();
  std::vector<std::string> before = job_ids(living);
  for (const Scripts::Script& script : written) before.push_back(scripts.submit(script, slurm, {}));
  scripts.submit(merge, slurm, {fmt::format("--dependency=afterany:{}", fmt::join(before, ":"))});
  return submission;
}

}  // namespace evalzip
