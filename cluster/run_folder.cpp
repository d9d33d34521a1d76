#include "cluster/run_folder.h"

#include <fmt/format.h>

#include <fstream>

#include "codecs/content_hash.h"
#include "harness/output_file.h"

namespace evalzip {
namespace {

constexpr const char* kJobs = "jobs";

}  // namespace

RunFolder::RunFolder(const std::filesystem::path& out)
    : folder_(std::filesystem::absolute(out.string() + ".cells")) {}

std::filesystem::path RunFolder::submission(std::size_t number) const {
  return folder_ / "submit" / fmt::format("{:03}", number);
}

void RunFolder::create(const WidePlan& plan) const {
  results().create();
  std::filesystem::create_directories(logs());
  replace_file(this->plan(), format_plan(plan));
}

std::string RunFolder::run_name() const {
  constexpr std::size_t kDigits = 10;
  ContentHash hash;
  hash.add(std::filesystem::weakly_canonical(folder_).string());
  return hash.hex().substr(0, kDigits);
}

std::size_t RunFolder::begin_submission() const {
  std::filesystem::create_directories(folder_ / "submit");
  std::size_t number = 1;
  while (!std::filesystem::create_directory(submission(number))) ++number;
  return number;
}

void RunFolder::keep_job(std::size_t number, const std::string& id) const {
  std::ofstream(submission(number) / kJobs, std::ios::app) << id << std::endl;
}

std::vector<std::string> RunFolder::kept_jobs() const {
  std::vector<std::string> ids;
  for (std::size_t number = 1; std::filesystem::exists(submission(number)); ++number) {
    std::ifstream lines(submission(number) / kJobs);
    for (std::string id; std::getline(lines, id);) ids.push_back(id);
  }
  return ids;
}

std::vector<std::size_t> RunFolder::cells_without_result(const WidePlan& plan) const {
  const ResultFolder folder = results();
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < plan.cells.size(); ++i) {
    if (!folder.find(plan.cells[i].cell.key, plan.settings[plan.cells[i].settings]).run)
      cells.push_back(i);
  }
  return cells;
}

}  // namespace evalzip
