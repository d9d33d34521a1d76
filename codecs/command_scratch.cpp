#include "codecs/command_scratch.h"

#include <string>
#include <system_error>

namespace evalzip {

std::filesystem::path command_scratch(pid_t process) {
  return std::filesystem::temp_directory_path() / ("evalzip-cmd-" + std::to_string(process));
}

void remove_command_scratch(pid_t process) {
  std::error_code ignored;
  std::filesystem::remove_all(command_scratch(process), ignored);
}

}  // namespace evalzip
