#include "harness/result_folder.h"

#include <fstream>
#include <iterator>

#include "harness/output_file.h"
#include "harness/record_json.h"

namespace evalzip {
namespace {

constexpr const char* kExtension = ".json";

std::string unfit_for(const Run& run, const std::string& key, const Settings& settings) {
  if (run.records.size() != 1 || run.records[0].key != key) return "it is of another cell";
  if (!run.complete || run.records[0].outcome == Outcome::skipped) return "it is not complete";
  if (run.settings != settings) return "it was measured with other settings";
  return {};
}

// A client of a network file system may remember for half a minute that a file was not there; a
// look at the folder makes it ask again.
std::ifstream open_fresh(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (in) return in;
  std::error_code none;
  static_cast<void>(std::filesystem::directory_iterator(file.parent_path(), none));
  return std::ifstream(file, std::ios::binary);
}

}  // namespace

std::filesystem::path ResultFolder::beside(const std::filesystem::path& plan) {
  return plan.parent_path() / "results";
}

void ResultFolder::create() const { std::filesystem::create_directories(folder_ / "work"); }

CellResult ResultFolder::find(const std::string& key, const Settings& settings) const {
  std::ifstream in = open_fresh(result_of(key));
  if (!in) return {};
  const std::string text(std::istreambuf_iterator<char>(in), {});
  try {
    Run run = parse_run(text);
    std::string unfit = unfit_for(run, key, settings);
    if (!unfit.empty()) return {.run = {}, .unfit = std::move(unfit)};
    return {.run = std::move(run), .unfit = {}};
  } catch (const RecordError& error) {
    return {.run = {}, .unfit = error.what()};
  }
}

void ResultFolder::keep(const Run& run) const {
  replace_file(result_of(run.records.at(0).key), format_run(run));
}

std::filesystem::path ResultFolder::result_of(const std::string& key) const {
  return folder_ / (key + kExtension);
}

std::filesystem::path ResultFolder::journal_of(const std::string& key) const {
  return folder_ / "work" / (key + ".journal");
}

std::filesystem::path ResultFolder::encoded_of(const std::string& key) const {
  return folder_ / "work" / (key + ".encoded");
}

std::filesystem::path ResultFolder::lock_of(const std::string& key) const {
  return folder_ / "work" / (key + ".lock");
}

std::vector<std::string> ResultFolder::keys() const {
  std::vector<std::string> keys;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, none)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == kExtension && !name.starts_with('.')) {
      keys.push_back(entry.path().stem().string());
    }
  }
  return keys;
}

}  // namespace evalzip
