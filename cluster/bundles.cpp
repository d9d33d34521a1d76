#include "cluster/bundles.h"

#include <algorithm>
#include <map>

namespace evalzip {
namespace {

// Tasks of one class being filled.
class Filling {
 public:
  void add(std::size_t cell, double seconds, double most_seconds) {
    if (tasks_.empty() || seconds_ + seconds > most_seconds) {
      tasks_.emplace_back();
      seconds_ = 0;
    }
    tasks_.back().push_back(cell);
    seconds_ += seconds;
  }

  std::vector<std::vector<std::size_t>> take() { return std::move(tasks_); }

 private:
  std::vector<std::vector<std::size_t>> tasks_;
  double seconds_ = 0;  // in the last one
};

}  // namespace

std::vector<TaskArray> bundle(const WidePlan& plan, const std::vector<std::size_t>& cells,
                              const BundleRule& rule) {
  std::map<ResourceClass, Filling> classes;
  for (const std::size_t cell : cells) {
    const PlannedCell& planned = plan.cells[cell];
    classes[planned.resources].add(cell, planned.seconds.value_or(0), rule.seconds);
  }
  std::vector<TaskArray> arrays;
  for (auto& [resources, filling] : classes) {
    auto tasks = filling.take();
    for (std::size_t begin = 0; begin < tasks.size(); begin += rule.most_tasks) {
      const auto first = tasks.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto count = std::min(rule.most_tasks, tasks.size() - begin);
      arrays.push_back({resources, {first, first + static_cast<std::ptrdiff_t>(count)}});
    }
  }
  return arrays;
}

}  // namespace evalzip
