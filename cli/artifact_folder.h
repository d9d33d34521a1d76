// Bundles of measurements on disk, as folders or as archives.
#pragma once

#include <filesystem>
#include <vector>

#include "reports/artifact.h"

namespace evalzip {

// Makes the folder. Throws std::runtime_error if it is there and not empty, std::system_error if it
// cannot be written.
void write_artifact_folder(const std::filesystem::path& folder,
                           const std::vector<ArtifactFile>& files);

// Of a folder, or of a tar archive, packed or not. Links and what is no file are left out. Throws
// std::system_error or std::runtime_error that names `path`.
FoundFiles read_artifact(const std::filesystem::path& path);

}  // namespace evalzip
