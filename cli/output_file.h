// A result file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace evalzip {

// Throws std::system_error that names the path unless `path` can be created or replaced: called
// before the first measurement, so that a bad path costs a millisecond and not an hour. Throws
// std::runtime_error if it is there and neither a file nor missing.
void check_writable(const std::filesystem::path& path);

// Writes a temporary file beside `path`, flushes it to disk, then renames it. An older file of that
// name is kept as `path`~. Throws std::system_error; then the older file is untouched.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace evalzip
