// Codecs from shared objects that speak codecs/plugin_abi.h.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codecs/registry.h"

namespace evalzip {

// Adds every codec that the shared object offers; it stays loaded until the process ends, because
// codecs hold pointers into it. Throws SpecError that names the file and the reason.
void load_plugin(Registry& registry, const std::filesystem::path& shared_object);

// The shared objects of a folder, in name order. A folder that does not exist holds none.
std::vector<std::filesystem::path> plugin_files(const std::filesystem::path& folder);

// A plugin that could not be loaded, and why.
struct PluginFailure {
  std::filesystem::path file;
  std::string reason;
};

// Loads every shared object of a folder in name order. A folder that does not exist holds none. One
// that fails to load, say because its library is not installed here, is returned, not thrown.
std::vector<PluginFailure> load_plugin_folder(Registry& registry,
                                              const std::filesystem::path& folder);

}  // namespace evalzip
