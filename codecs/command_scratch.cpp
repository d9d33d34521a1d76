#include "codecs/command_scratch.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <string>
#include <string_view>
#include <system_error>

namespace evalzip {

std::filesystem::path command_scratch(pid_t process) {
  return std::filesystem::temp_directory_path() / ("evalzip-cmd-" + std::to_string(process));
}

void remove_command_scratch(pid_t process) {
  std::error_code ignored;
  std::filesystem::remove_all(command_scratch(process), ignored);
}

void remove_stale_command_scratch() {
  constexpr std::string_view kPrefix = "evalzip-cmd-";
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::temp_directory_path(), none)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    pid_t process = 0;
    const auto [end, error] =
        std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), process);
    if (error != std::errc() || end != name.data() + name.size() || process <= 0) continue;
    if (kill(process, 0) != 0 && errno == ESRCH) remove_command_scratch(process);
  }
}

}  // namespace evalzip
