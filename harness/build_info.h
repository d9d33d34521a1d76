// How this program was built. The values are filled in by CMake.
#pragma once

#include <string_view>

namespace evalzip {

struct BuildInfo {
  std::string_view version, compiler, flags, build_type;
  std::string_view commit;  // "unknown" outside a git checkout; ends in "-dirty" after changes
  bool assertions = false, sanitizers = false;
};

BuildInfo build_info();

}  // namespace evalzip
