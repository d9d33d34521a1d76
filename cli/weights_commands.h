// `evalzip model pack|unpack|ls|get|report`: files of weights and .evt.
#pragma once

#include <vector>

#include "cli/commands.h"

namespace evalzip {

// Adds them to `evalzip model`.
std::vector<Command> add_weights_commands(CLI::App& model, Program& program);

}  // namespace evalzip
