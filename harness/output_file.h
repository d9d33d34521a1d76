// A result file that appears whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

namespace evalzip {

// Throws std::system_error that names the path unless `path` can be created or replaced: called
// before the first measurement, so that a bad path costs a millisecond and not an hour. Throws
// std::runtime_error if it is there and neither a file nor missing.
void check_writable(const std::filesystem::path& path);

// Writes a temporary file beside `path`, flushes it to disk, then renames it. An older file of that
// name is kept as `path`~. Throws std::system_error; then the older file is untouched.
void write_file(const std::filesystem::path& path, std::string_view text);

// The same without keeping the older file: for what is written again and again.
void replace_file(const std::filesystem::path& path, std::string_view text);

// As write_file, for a file that comes in pieces: `produce` hands them to the function it is given.
// What it throws leaves no file behind.
using PieceWriter = std::function<void(std::span<const std::byte>)>;
void write_file_in_pieces(const std::filesystem::path& path,
                          const std::function<void(const PieceWriter&)>& produce);

}  // namespace evalzip
