// `evalzip document`: the manual page and completions, out of the command line's own table.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/completions.h"
#include "cli/exit_code.h"
#include "cli/man_page.h"
#include "harness/build_info.h"

namespace evalzip {

Command add_document_command(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand(
      "document", "Print the manual page, or what completes commands in a shell");
  const auto kind = std::make_shared<std::string>();
  command->add_option("kind", *kind, "What to print")
      ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}))
      ->required();
  return {command, [&app, kind] {
            const CommandRow table = option_table(app);
            if (*kind == "man") {
              fmt::print("{}", man_page({.program = table,
                                         .version = std::string(build_info().version),
                                         .exit_codes = kExitCodesInWords}));
            } else if (*kind == "bash") {
              fmt::print("{}", bash_completion(table));
            } else if (*kind == "zsh") {
              fmt::print("{}", zsh_completion(table));
            } else {
              fmt::print("{}", fish_completion(table));
            }
            return kExitOk;
          }};
}

}  // namespace evalzip
