// The results of a plan's cells: a folder that many machines write into at once, a file per cell.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/record.h"

namespace evalzip {

// What is kept of a cell: a run with this one cell, in the format of run.json.
struct CellResult {
  std::optional<Run> run;  // absent: there is none
  std::string unfit;       // why a file that is there is no result
};

class ResultFolder {
 public:
  // Beside the plan unless the user names another.
  static std::filesystem::path beside(const std::filesystem::path& plan);

  explicit ResultFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& path() const { return folder_; }

  // Makes the folder where it is not there. Throws std::filesystem::filesystem_error.
  void create() const;

  // A result is a whole run of that cell, with these settings, that came to an outcome.
  CellResult find(const std::string& key, const Settings& settings) const;

  // The file appears whole or not at all, and is on disk when this returns. Throws
  // std::system_error. Precondition: `run` has one record.
  void keep(const Run& run) const;

  std::filesystem::path result_of(const std::string& key) const;
  // What a cell needs while it runs: rounds that are done, encoded parts, the lock of its process.
  std::filesystem::path journal_of(const std::string& key) const;
  std::filesystem::path encoded_of(const std::string& key) const;
  std::filesystem::path lock_of(const std::string& key) const;

  // The names (keys) of all results, valid or not, in no order.
  std::vector<std::string> keys() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace evalzip
