// Writes runs and a record that are right into a folder, for the fuzzer to begin with.
// usage: run_seeds FOLDER
#include <filesystem>
#include <fstream>

#include "harness/record_json.h"
#include "tests/sample_run.h"

int main(int argc, char** argv) {
  using namespace evalzip;
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  Run run = sample_run();
  std::ofstream(folder / "run.json") << format_run(run);
  std::ofstream(folder / "record.json") << format_record(run.records.front());
  run.records.resize(1);
  std::ofstream(folder / "small_run.json") << format_run(run);
  return 0;
}
