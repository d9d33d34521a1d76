// Platform file: where the running program lies.
#include "harness/this_program.h"

#ifdef __APPLE__
#include <mach-o/dyld.h>

#include <array>
#endif

namespace evalzip {

std::filesystem::path this_program() {
#ifdef __APPLE__
  std::array<char, 4096> path{};
  auto size = static_cast<std::uint32_t>(path.size());
  if (_NSGetExecutablePath(path.data(), &size) == 0) return std::filesystem::canonical(path.data());
  return {};
#else
  return std::filesystem::read_symlink("/proc/self/exe");
#endif
}

}  // namespace evalzip
