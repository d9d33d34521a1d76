// A plan on disk, as JSON lines: what every machine that runs a part of it reads. The format is
// docs/cluster.md.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "codecs/registry.h"
#include "harness/plan.h"
#include "harness/resources.h"

namespace evalzip {

inline constexpr int kPlanVersion = 1;

// The text is not a plan, or not one that this program can carry out. The message says where and
// why.
class PlanFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A cell of a plan that has several settings. The numbers are places in the lists of its plan.
struct PlannedCell {
  Cell cell;
  std::size_t settings = 0;
  ResourceClass resources;
  std::optional<double> seconds;  // that it will take, if anything is known
};

// Cells of any mixture of codecs, documents and settings, apart from the machine that planned them.
struct WidePlan {
  std::string commit;                  // of the program that planned
  std::vector<std::string> arguments;  // as typed
  std::vector<Settings> settings;
  std::vector<CodecSpec> codecs;
  std::vector<PlannedDocument> documents;
  std::vector<PlannedCell> cells;
  std::vector<Record> missing;  // one per codec and document that is not at hand
};

// The plan of one cell alone.
Plan plan_of(const WidePlan& plan, const PlannedCell& cell);

// A line for what cells share, then a line for each cell. Throws PlanFileError for a plan that
// could not be read back.
std::string format_plan(const WidePlan& plan);

// What a plan is read for: to run a cell each codec must have the version that was planned with.
enum class PlanUse { run, look };

// The codecs are found in the registry; plugins and commands that the plan names are added to it.
// Throws PlanFileError.
WidePlan parse_plan(std::string_view text, Registry& registry, PlanUse use);

// The same of a file. Throws std::system_error too.
WidePlan read_plan(const std::filesystem::path& file, Registry& registry, PlanUse use);

}  // namespace evalzip
