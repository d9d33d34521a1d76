#include "cluster/run_folder.h"

#include <fmt/format.h>

#include "codecs/content_hash.h"
#include "harness/output_file.h"

namespace evalzip {

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

std::size_t RunFolder::next_submission() const {
  std::size_t number = 1;
  while (std::filesystem::exists(submission(number))) ++number;
  return number;
}

std::vector<std::size_t> RunFolder::cells_without_result(const WidePlan& plan) const {
  const ResultFolder folder = results();
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < plan.cells.size(); ++i) {
    if (!folder.find(plan.cells[i].cell.key).run) cells.push_back(i);
  }
  return cells;
}

}  // namespace evalzip
