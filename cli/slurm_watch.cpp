#include "cli/slurm_watch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <thread>

#include "cli/interrupt.h"

namespace evalzip {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kFirstPause{0.5}, kLongestPause{20}, kPatienceWithMerge{60}, kLineEvery{30};
constexpr double kPauseGrowth = 1.25;

std::vector<QueuedTask> without_merges(std::vector<QueuedTask> tasks) {
  std::erase_if(tasks, is_merge);
  return tasks;
}

bool depends(const QueuedTask& task) { return task.reason == "Dependency"; }

std::string reasons_of(const std::vector<QueuedTask>& tasks) {
  std::set<std::string> reasons;
  for (const QueuedTask& task : tasks) {
    if (!task.running && task.reason != "None") reasons.insert(task.reason);
  }
  return reasons.empty() ? "" : fmt::format(" ({})", fmt::join(reasons, ", "));
}

}  // namespace

bool SlurmWatch::pause(Seconds time) const {
  constexpr std::chrono::milliseconds kStep{100};
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    if (interrupted()) return false;
    std::this_thread::sleep_for(kStep);
  }
  return !interrupted();
}

std::optional<std::vector<QueuedTask>> SlurmWatch::ask() {
  try {
    return living_tasks(folder_, slurm_);
  } catch (const SlurmError& error) {
    if (!complained_) line_.print(fmt::format("note: {}; asking again", error.what()));
    complained_ = true;
    return std::nullopt;
  }
}

void SlurmWatch::tell(const std::vector<QueuedTask>& tasks) {
  const std::size_t results = std::min(folder_.results().keys().size(), cells_);
  const auto running = static_cast<std::size_t>(std::ranges::count_if(tasks, &QueuedTask::running));
  const std::string text =
      fmt::format("{} of {} cells have a result; {} tasks run, {} wait{}", results, cells_, running,
                  tasks.size() - running, reasons_of(tasks));
  const auto now = std::chrono::steady_clock::now();
  if (line_.live()) {
    line_.show(text);
  } else if (text != told_text_ && now - told_ > kLineEvery) {
    line_.print(text);
    told_ = now;
    told_text_ = text;
  }
}

bool SlurmWatch::wait() {
  Seconds length = kFirstPause, merging{0};
  while (!interrupted()) {
    if (const auto tasks = ask()) {
      const std::vector<QueuedTask> cell_tasks = without_merges(*tasks);
      if (tasks->empty()) return true;
      tell(cell_tasks);
      if (cell_tasks.empty()) length = std::min(length, 2 * kFirstPause);  // the end is near
      // Whatever a merging job waits for but the others' end, this process can do its work.
      const bool only_merges = cell_tasks.empty() && std::ranges::none_of(*tasks, depends);
      merging = only_merges ? merging + length : Seconds{0};
      if (merging > kPatienceWithMerge) {
        slurm_.cancel(job_ids(*tasks));
        return true;
      }
    }
    if (!pause(length)) return false;
    length = std::min(length * kPauseGrowth, kLongestPause);
  }
  return false;
}

void SlurmWatch::cancel() {
  const auto tasks = ask();
  slurm_.cancel(tasks ? job_ids(*tasks) : folder_.kept_jobs());
}

}  // namespace evalzip
