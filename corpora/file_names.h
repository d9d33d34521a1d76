// Names of files and documents: which are safe, how they are shown, how patterns match them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalzip {

// Why `name` may not be joined to a folder: absolute, "..", empty parts, control characters, too
// long. Absent when it is safe.
std::optional<std::string> unsafe_name(std::string_view name);

// The name in quotes, with control characters and bytes that are not UTF-8 as \xNN.
std::string in_quotes(std::string_view name);

// A path as a document's name: itself if it is printable UTF-8, else with the offending bytes (and
// '%') as %NN, because names go into JSON and onto terminals.
std::string document_name(const std::filesystem::path& relative_path);

// Whether the text has one of * ? [ and so is a pattern.
bool is_pattern(std::string_view text);

// Shell patterns: * ? [a-z] [!a-z] within a part, ** for any number of parts. A leading '.' is
// matched only by a written '.'. Both are split at '/'.
bool matches_pattern(std::string_view pattern, std::string_view path);

// `path` ends with all the parts of `name`: "a/b/c.txt" ends with "b/c.txt", not with "txt".
bool ends_with_parts(const std::filesystem::path& path, const std::filesystem::path& name);

std::vector<std::string_view> split_parts(std::string_view path);

}  // namespace evalzip
