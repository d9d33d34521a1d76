// A side of `evalzip ab` as the user names it: a build of evalzip, a plugin, or codec specs.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/program.h"
#include "codecs/codec_spec.h"
#include "harness/worker_process.h"

namespace evalzip {

struct AbSide {
  enum class Kind { program, plugin, specs };

  std::string text;  // as typed; of a command the name that it defines
  Kind kind = Kind::specs;
  std::filesystem::path file;        // of a program or plugin
  std::unique_ptr<Registry> codecs;  // what the side's specs refer to
  std::vector<std::string> own;      // names of the codecs that only a plugin has
  std::filesystem::path worker;      // the program of its worker processes
  std::optional<WorkerProcess> process;
};

// A path to a file that exists is a plugin if it ends in .so and else a build of evalzip, whose
// worker lies where an installation has it; a command is defined; all else are specs. Throws
// SpecError for a plugin that cannot be loaded, std::runtime_error for a program without its
// worker.
AbSide find_ab_side(const std::string& text, const Program& program);

// Whether both are builds, or both plugins, with the same bytes: nothing can have changed.
bool identical(const AbSide& base, const AbSide& head);

}  // namespace evalzip
