// `evalzip corpus list|info|fetch|verify|path`.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/corpus_list.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/run_progress.h"
#include "corpora/open_corpus.h"
#include "reports/columns.h"

namespace evalzip {
namespace {

struct Options {
  std::vector<std::string> names;
};

int print_info(const Manifest& manifest) {
  const auto line = [](const char* name, const std::string& value) {
    if (!value.empty()) fmt::print("{:<10} {}\n", name, value);
  };
  line("name", manifest.name);
  line("title", manifest.title);
  line("origin", manifest.origin);
  line("licence", manifest.licence);
  line("citation", manifest.citation);
  line("note", manifest.note);
  line("manifest", manifest.path.string());
  for (const ManifestDocument& document : manifest.documents) {
    fmt::print("  {:>14} bytes  {}\n", format_grouped(document.identity.size), document.name);
  }
  for (const ManifestFile& file : manifest.files) {
    for (const std::string& mirror : file.mirrors) fmt::print("  from {}\n", mirror);
  }
  return kExitOk;
}

// Names what is missing and what is wrong; the exit code follows from it.
int report_found(const FoundCorpus& found, StatusLine& line) {
  line.clear();
  for (const Document& document : found.corpus.documents) {
    fmt::print("ok       {:>14} bytes  {}\n", format_grouped(document.size), document.name);
  }
  for (const MissingDocument& missing : found.corpus.missing) {
    fmt::print("missing  {}: {}\n", missing.name, missing.why);
  }
  for (const Rejection& rejected : found.rejected) {
    fmt::print("wrong    {}: {}\n", rejected.path.string(), rejected.why);
  }
  if (!found.rejected.empty()) return kExitIntegrity;
  return found.corpus.missing.empty() ? kExitOk : kExitCellsFailed;
}

int print_paths(const Corpus& corpus, StatusLine& line) {
  line.clear();
  for (const Document& document : corpus.documents) fmt::print("{}\n", document.path.string());
  for (const MissingDocument& missing : corpus.missing) {
    line.note(fmt::format("missing: {}: {}", missing.name, missing.why));
  }
  return corpus.missing.empty() ? kExitOk : kExitCellsFailed;
}

// Does `act` for every name; the result is the worst of theirs.
template <class Act>
int for_each_name(const Options& options, const Program& program, Act act) {
  catch_interrupts();
  StatusLine line(program.live_progress, false);
  CorpusProgress progress(line);
  int code = kExitOk;
  for (const std::string& name : options.names) {
    code = std::max(code, act(name, places_from_environment(), progress, line));
  }
  return code;
}

}  // namespace

Command add_corpus_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("corpus", "List, describe, fetch and check corpora");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* list = command->add_subcommand("list", "Every corpus with its size");
  const auto add = [&](const char* name, const char* summary) {
    CLI::App* sub = command->add_subcommand(name, summary);
    sub->add_option("corpus", options->names, "Names or paths of manifests")->required();
    return sub;
  };
  CLI::App* info = add("info", "Origin, licence, documents, mirrors");
  CLI::App* fetch = add("fetch", "Download what is missing; resumes what was interrupted");
  CLI::App* verify = add("verify", "Read every document at hand and compare its hash");
  add("path", "Print a file with the raw bytes of each document");
  return {command, [=, &program] {
            if (*list) return print_corpora(program, false);
            return for_each_name(
                *options, program,
                [&](const std::string& name, const CorpusPlaces& places, Progress& progress,
                    StatusLine& line) -> int {
                  if (*info) return print_info(corpus_info(name, places));
                  if (*fetch) return report_found(fetch_corpus(name, places, progress), line);
                  if (*verify) return report_found(verify_corpus(name, places, progress), line);
                  return print_paths(corpus_as_files(name, places, progress), line);
                });
          }};
}

}  // namespace evalzip
