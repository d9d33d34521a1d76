// `evalzip verify-artifact BUNDLE`: is every table and figure what its runs give?
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/artifact_folder.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/read_run.h"
#include "harness/build_info.h"

namespace evalzip {
namespace {

struct Options {
  std::string bundle, reproduced;
};

// Another version may render otherwise.
void print_versions(const std::vector<Run>& runs) {
  const BuildInfo build = build_info();
  for (const Run& run : runs) {
    const Environment& made = run.environment;
    if (made.evalzip_version == build.version && made.commit == build.commit) continue;
    fmt::print("note: measured with evalzip {} ({}); this is {} ({})\n", made.evalzip_version,
               made.commit, build.version, build.commit);
    return;
  }
}

int print(const ArtifactCheck& check, const std::string& summary) {
  for (const std::string& note : check.notes) fmt::print("note: {}\n", note);
  for (const std::string& problem : check.problems) fmt::print("differs: {}\n", problem);
  fmt::print("{}\n", summary);
  return check.problems.empty() ? kExitOk : kExitIntegrity;
}

int verify(const Options& options) {
  const ArtifactCheck bundle = check_artifact(read_artifact(options.bundle));
  if (!options.reproduced.empty()) {
    const ArtifactCheck check = check_reproduction(bundle.runs, read_run(options.reproduced));
    return print(
        check, fmt::format("{} cells compared, {} differ", check.rendered, check.problems.size()));
  }
  if (!bundle.problems.empty()) print_versions(bundle.runs);
  return print(bundle, fmt::format("{} files rendered anew from {} {}: {}", bundle.rendered,
                                   bundle.runs.size(), bundle.runs.size() == 1 ? "run" : "runs",
                                   bundle.problems.empty()
                                       ? "the same bytes"
                                       : fmt::format("{} differences", bundle.problems.size())));
}

}  // namespace

Command add_verify_artifact_command(CLI::App& app, Program& /*program*/) {
  CLI::App* command = app.add_subcommand(
      "verify-artifact", "Render a bundle's tables and figures anew and compare them");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("bundle", options->bundle,
                   "Folder or tar archive made by `evalzip report --format artifact`")
      ->required()
      ->check(CLI::ExistingPath);
  command->add_option("--reproduced", options->reproduced,
                      "A run made anew: compare its sizes with the published ones instead");
  return {command, [options] { return verify(*options); }};
}

}  // namespace evalzip
