#include "cli/plugin_flag.h"

#include <string>
#include <vector>

namespace evalzip {
namespace {

void add_flag(CLI::App& command, std::function<void(const std::vector<std::string>&)> use) {
  command
      .add_option_function<std::vector<std::string>>(
          "--plugin", std::move(use),
          "Codecs of a shared object, or of a folder of them; as EVALZIP_PLUGIN_PATH")
      ->allow_extra_args(false)
      ->type_name("FILE");
}

}  // namespace

void add_plugin_flag(CLI::App& command, Program& program) {
  add_flag(command, [&program](const std::vector<std::string>& files) {
    for (const std::string& file : files) load_users_plugin(program.installed.codecs, file);
  });
}

void ignore_plugin_flag(CLI::App& command) {
  add_flag(command, [](const std::vector<std::string>&) {});
}

}  // namespace evalzip
