// A look at a plugin from a safe distance.
#pragma once

#include <filesystem>

namespace evalzip {

// Loads the shared object in a process of its own, which is over after that: what it does to that
// process when it is loaded and asked for its codecs, it does not do to this one. Throws SpecError
// if that process crashes, ends, or takes more than ten seconds. Whether the codecs are good is
// load_plugin's to say. To be called before there are threads.
void try_plugin(const std::filesystem::path& shared_object);

}  // namespace evalzip
