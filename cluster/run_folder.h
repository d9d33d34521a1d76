// The folder of a run whose cells are measured elsewhere: on a file system that all machines share.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/plan_file.h"
#include "harness/result_folder.h"

namespace evalzip {

class RunFolder {
 public:
  // Of the result file `out`.
  explicit RunFolder(const std::filesystem::path& out);

  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path plan() const { return folder_ / "plan.jsonl"; }
  std::filesystem::path logs() const { return folder_ / "logs"; }
  ResultFolder results() const { return ResultFolder(ResultFolder::beside(plan())); }
  // The scripts of the n-th submission, from 1 on.
  std::filesystem::path submission(std::size_t number) const;

  bool exists() const { return std::filesystem::exists(plan()); }

  // Makes the folder with its plan. The plan is written last and whole, so a folder that has one is
  // complete. Throws std::system_error.
  void create(const WidePlan& plan) const;

  // A name that only this run has, of letters and digits, for jobs: the same at every call.
  std::string run_name() const;

  // Makes the folder of a new submission, which no other process gets, and returns its number.
  std::size_t begin_submission() const;

  // Keeps the ids of jobs with those of earlier submissions, on disk.
  void keep_job(std::size_t submission, const std::string& id) const;
  std::vector<std::string> kept_jobs() const;

  // Places of the cells that have no result.
  std::vector<std::size_t> cells_without_result(const WidePlan& plan) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace evalzip
