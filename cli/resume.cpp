#include "cli/resume.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "cli/plugin_flag.h"
#include "harness/journal.h"

namespace evalzip {

std::filesystem::path journal_of(const std::filesystem::path& out) {
  return out.string() + ".journal";
}

bool resumes_by_journal(const std::vector<std::string>& arguments) {
  bool resume = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--resume") {
      resume = true;
    } else if (argument == "--out") {
      ++i;
    } else if (argument != "--quiet" && !argument.starts_with("--out=")) {
      return false;
    }
  }
  return resume;
}

JournalRun begun_run(const RunOptions& now, Program& program) {
  const std::filesystem::path file = journal_of(now.out);
  if (!std::filesystem::exists(file)) {
    throw std::runtime_error(fmt::format(
        "--resume: there is no journal {}, so no interrupted run: leave --resume out, or name the "
        "result file of that run with --out",
        file.string()));
  }
  JournalRun begun{.options = {}, .arguments = journal_arguments(file)};
  CLI::App app;
  CLI::App& command = *app.add_subcommand("run");
  add_run_options(command, begun.options);
  add_plugin_flag(command, program);
  std::vector<std::string> reversed(begun.arguments.rbegin(), begun.arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    throw std::runtime_error(
        fmt::format("--resume: {} does not hold arguments of `evalzip run` ({}): give the flags of "
                    "the interrupted run again",
                    file.string(), error.what()));
  }
  begun.options.out = now.out;
  begun.options.quiet = now.quiet;
  begun.options.resume = true;
  return begun;
}

}  // namespace evalzip
