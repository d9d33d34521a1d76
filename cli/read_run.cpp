#include "cli/read_run.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
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
    std::ostringstream content;  // block by block: character by character takes twice as long
    content << in.rdbuf();
    text = std::move(content).str();
  }
  try {
    return parse_run(text);
  } catch (const RecordError& error) {
    throw RecordError(file + ": " + error.what());
  }
}

}  // namespace evalzip
