#include "cli/open_plan.h"

#include <fmt/format.h>

#include <stdexcept>

namespace evalzip {

OpenPlan open_plan(const std::string& folder, const std::string& plan, Program& program) {
  const std::filesystem::path file =
      plan.empty() ? std::filesystem::path(folder) / "plan.jsonl" : std::filesystem::path(plan);
  if (!std::filesystem::exists(file)) {
    throw std::runtime_error(fmt::format(
        "there is no {}: name the folder that has plan.jsonl and results/ in it, or the "
        "folder of the results and --plan FILE",
        file.string()));
  }
  return {
      .file = file,
      .plan = read_plan(file, program.installed.codecs, PlanUse::look),
      .results = plan.empty() ? ResultFolder(ResultFolder::beside(file)) : ResultFolder(folder)};
}

}  // namespace evalzip
