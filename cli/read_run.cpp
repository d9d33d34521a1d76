#include "cli/read_run.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>
#include <utility>

#include "harness/record_json.h"

namespace evalzip {

Run read_run(const std::string& file) {
  std::string text;
  if (file == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file)) {
      const int error = std::filesystem::is_directory(file) ? EISDIR : errno;
      throw std::system_error(error, std::generic_category(), "cannot read " + file);
    }
    // At once: character by character takes twice as long. What is no plain file has no size.
    std::error_code no_size;
    const auto size = std::filesystem::file_size(file, no_size);
    if (!no_size) {
      text.reserve(size + kSpareBytes);
      text.resize(size);
    }
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (in) text.append(std::istreambuf_iterator<char>(in), {});
  }
  try {
    return parse_run(text);
  } catch (const RecordError& error) {
    throw RecordError(file + ": " + error.what());
  }
}

}  // namespace evalzip
