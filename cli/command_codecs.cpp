#include "cli/command_codecs.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>

#include "codecs/command_definition.h"
#include "codecs/command_scratch.h"
#include "harness/statistics.h"

namespace evalzip {
namespace {

std::string not_installed(const CommandDefinition& command) {
  return fmt::format("{}: '{}' or '{}' is not a program in PATH: install it, or write its path",
                     command.name, command.encode.front(), command.decode.front());
}

// Seconds for an empty file, the median of some calls.
double start_seconds(Codec& codec) {
  constexpr int kCalls = 5;
  std::vector<std::byte> output(codec.bound(0));
  std::vector<double> seconds;
  for (int i = 0; i < kCalls; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    static_cast<void>(codec.encode({}, output));
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return median(seconds);
}

}  // namespace

void define_commands(std::vector<std::string>& codecs, Registry& registry) {
  for (std::string& codec : codecs) {
    if (!codec.starts_with(kCommandPrefix)) continue;
    CommandDefinition command = parse_command(codec);
    if (!find_programs(command)) throw SpecError(not_installed(command));
    registry.add(command_codec(command));
    codec = command.name;
  }
}

void load_commands(Registry& registry, std::vector<PluginFailure>& unloadable) {
  const char* const variable = std::getenv("EVALZIP_COMMANDS");
  std::istringstream files(variable == nullptr ? "" : variable);
  for (std::string name; std::getline(files, name, ':');) {
    if (name.empty()) continue;
    std::ifstream file(name);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file.good() && text.empty()) {
      throw SpecError(fmt::format("cannot read {} (from EVALZIP_COMMANDS)", name));
    }
    for (CommandDefinition& command : parse_commands(text, name)) {
      if (find_programs(command)) {
        registry.add(command_codec(command));
      } else {
        unloadable.push_back({name, not_installed(command)});
      }
    }
  }
}

std::vector<std::string> start_notes(const std::vector<CodecSpec>& codecs) {
  std::vector<std::string> notes;
  for (const CodecSpec& spec : codecs) {
    if (!spec.codec->plugin.starts_with(kCommandPrefix)) continue;
    remove_stale_command_scratch();
    std::string cost;
    try {
      cost = fmt::format(
          "takes {:.1f} ms for an empty file (median of 5), which is in each of its "
          "times",
          1e3 * start_seconds(*spec.codec->make(spec.params)));
    } catch (const std::exception& error) {
      cost =
          fmt::format("would not take an empty file ({}), so what starting it costs is not known",
                      error.what());
    }
    notes.push_back(fmt::format("{} is a program of its own: it {}", spec.canonical(), cost));
  }
  return notes;
}

}  // namespace evalzip
