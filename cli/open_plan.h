// A plan and its results, as commands that look at both are told of them.
#pragma once

#include <filesystem>
#include <string>

#include "cli/program.h"
#include "harness/plan_file.h"
#include "harness/result_folder.h"

namespace evalzip {

struct OpenPlan {
  std::filesystem::path file;
  WidePlan plan;
  ResultFolder results;
};

// `folder` has plan.jsonl and results/ in it; or the plan is elsewhere, then the folder is that of
// the results. Throws std::runtime_error that says what was looked for.
OpenPlan open_plan(const std::string& folder, const std::string& plan, Program& program);

}  // namespace evalzip
