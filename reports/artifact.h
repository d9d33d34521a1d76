// The bundle that artefact evaluators ask for: runs with every sample, all that is rendered from
// them, where and on what they were measured, and how to repeat it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record.h"
#include "reports/report.h"

namespace evalzip {

struct ArtifactFile {
  std::string path;  // from the bundle's folder, with "/"
  std::string text;
  bool executable = false;
};

// In a fixed order. Same runs, same options, same bytes. Throws ReportError as the formats do.
std::vector<ArtifactFile> artifact_files(std::span<const Run> runs, const ReportOptions& options);

// Files of a bundle by their paths.
using FoundFiles = std::map<std::string, std::string>;

// What verification found.
struct ArtifactCheck {
  std::size_t rendered = 0;           // files rendered anew, and compared byte for byte
  std::vector<std::string> problems;  // sentences, printable; none: the bundle is what it says
  std::vector<std::string> notes;     // what could not be rendered anew here, and why
  std::vector<Run> runs;              // of the bundle
};

// Renders everything from the runs in the bundle, with the options in its manifest, and compares.
// Throws ReportError if there is no manifest or it is none, RecordError if a run is none.
ArtifactCheck check_artifact(const FoundFiles& files);

// Compares what no machine changes, the sizes of cells, with those of a run made anew. Sentences as
// above: cells whose document or size differs, and how many were compared.
ArtifactCheck check_reproduction(const std::vector<Run>& published, const Run& repeated);

}  // namespace evalzip
