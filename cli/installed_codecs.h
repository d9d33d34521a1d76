// Every codec of this installation: the built-in ones, the shipped plugins, the user's plugins.
#pragma once

#include <filesystem>
#include <vector>

#include "codecs/plugin.h"
#include "codecs/registry.h"

namespace evalzip {

struct InstalledCodecs {
  Registry codecs;
  // Shipped plugins that could not be loaded, and commands that are not installed.
  std::vector<PluginFailure> unloadable;
};

// Where the shipped plugins and the worker lie for an executable in `folder`: lib/evalzip in a
// build tree, the library folder of the prefix once installed.
std::filesystem::path parts_folder(const std::filesystem::path& folder);

// Loads the shipped plugins from `parts`, then those in the folders and files of
// EVALZIP_PLUGIN_PATH (separated by colons). A plugin named there that cannot be loaded is an error
// of the user: SpecError. Last, the commands of EVALZIP_COMMANDS.
InstalledCodecs installed_codecs(const std::filesystem::path& parts);

// Adds the codecs of a shared object, or of all in a folder, that the user names. Throws SpecError
// for one that cannot be used, even if it would crash a process.
void load_users_plugin(Registry& codecs, const std::filesystem::path& place);

}  // namespace evalzip
