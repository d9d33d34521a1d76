// Where the running program lies.
#pragma once

#include <filesystem>

namespace evalzip {

// The file of the running program; throws std::filesystem::filesystem_error if the system hides it.
std::filesystem::path this_program();

}  // namespace evalzip
