// manifest.json of a bundle: how its files were rendered, and the hash of each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/artifact.h"

namespace evalzip {

struct ArtifactManifest {
  bool chart_library = false;  // is one in index.html? (page_assets.h)
  ReportOptions options;
  std::vector<std::string> runs;  // paths
};

// "run.json" of one run, "runs/1.json" of several.
std::string run_path(std::size_t index, std::size_t count);

// Lower-case hex.
std::string sha256_hex(std::string_view bytes);

bool has_chart_library();

std::string format_manifest(const ArtifactManifest& manifest, std::span<const ArtifactFile> files);

// Throws ReportError if the text is no manifest.
ArtifactManifest parse_manifest(std::string_view text);

}  // namespace evalzip
