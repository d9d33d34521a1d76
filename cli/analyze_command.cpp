// `evalzip analyze`: what documents allow, before any codec is tried.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/analysis_text.h"
#include "cli/commands.h"
#include "cli/corpora_of_run.h"
#include "cli/exit_code.h"
#include "cli/output_file.h"
#include "cli/quantity.h"
#include "codecs/llm/mapped_file.h"

namespace evalzip {
namespace {

struct Options {
  std::vector<std::string> files, corpora;
  std::string format = "text", out, memory = "256M";
  bool as_json = false, offline = false, whole = false;
  AnalysisSettings settings{.threads = 2};
};

AnalysisSettings settings_of(const Options& options) {
  AnalysisSettings settings = options.settings;
  settings.memory_bytes = parse_size(options.memory);
  if (options.whole) settings.ctw_bytes = settings.match_bytes = SIZE_MAX;
  return settings;
}

DocumentAnalysis analyze_document(const Document& document, const AnalysisSettings& settings) {
  if (document.size == 0) return analyze({}, settings);
  const MappedFile file(document.path);
  if (file.bytes().size() < document.offset + document.size) {
    throw std::runtime_error(
        fmt::format("analyze: {} became shorter while it was read", document.path.string()));
  }
  return analyze(file.bytes().subspan(document.offset, document.size), settings);
}

// The documents one after the other: text apart by blank lines, JSON in one array.
std::string analyze_all(const std::vector<Corpus>& corpora, const Options& options,
                        const std::string& format, bool colour) {
  const AnalysisSettings settings = settings_of(options);
  std::string text = format == "json" ? "[" : "";
  bool first = true;
  for (const Corpus& corpus : corpora) {
    for (const Document& document : corpus.documents) {
      const DocumentAnalysis analysis = analyze_document(document, settings);
      if (!first) text += format == "json" ? ",\n" : "\n";
      first = false;
      if (format == "json") text += analysis_json(analysis, document.name);
      if (format == "text") text += analysis_text(analysis, document.name, colour);
      if (format == "svg") text += profile_svg(analysis, document.name);
    }
  }
  return format == "json" ? text + "]\n" : text;
}

std::size_t documents_of(const std::vector<Corpus>& corpora) {
  std::size_t count = 0;
  for (const Corpus& corpus : corpora) count += corpus.documents.size();
  return count;
}

bool note_missing(const std::vector<Corpus>& corpora, StatusLine& line) {
  bool any = false;
  for (const Corpus& corpus : corpora) {
    for (const MissingDocument& missing : corpus.missing) {
      line.note(fmt::format("missing: {} of {}: {}", missing.name, corpus.name, missing.why));
      any = true;
    }
  }
  return any;
}

int run(const Options& options, const Program& program) {
  const std::string format = options.as_json ? "json" : options.format;
  std::vector<std::string> names = options.files;
  names.insert(names.end(), options.corpora.begin(), options.corpora.end());
  if (names.empty()) {
    throw std::runtime_error(
        "analyze: nothing to analyze; name a file, or a corpus as in: evalzip analyze --corpus "
        "demo");
  }
  if (!options.out.empty()) check_writable(options.out);
  StatusLine line(program.live_progress, !program.live_progress);
  const std::vector<Corpus> corpora = open_corpora(names, options.offline, line);
  if (format == "svg" && documents_of(corpora) != 1) {
    throw std::runtime_error(
        fmt::format("analyze: --format svg draws one document, and these are {}; name one file",
                    documents_of(corpora)));
  }
  const bool missing = note_missing(corpora, line);
  const std::string text =
      analyze_all(corpora, options, format, program.colour && options.out.empty());
  if (options.out.empty()) {
    std::cout << text << std::flush;
  } else {
    write_file(options.out, text);
  }
  return missing ? kExitCellsFailed : kExitOk;
}

}  // namespace

Command add_analyze_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "analyze", "What files allow: kind of data, entropies, bounds, structure, redundancy");
  const auto options = std::make_shared<Options>();
  command->add_option("file", options->files, "Files, folders or patterns");
  command->add_option("--corpus", options->corpora, "As of `evalzip run`");
  command->add_option("--format", options->format, "text, json or svg (the profile) [text]")
      ->check(CLI::IsMember({"text", "json", "svg"}));
  command->add_flag("--json", options->as_json, "The same as --format json");
  command->add_option("--out", options->out, "File to write [standard output]");
  command
      ->add_option("--order", options->settings.highest_order,
                   "Highest order of byte statistics, 0 to 5 [5]")
      ->check(CLI::Range(0u, kHighestOrder));
  command->add_option("--threads", options->settings.threads, "Threads for orders 3 to 5 [2]")
      ->check(CLI::Range(1u, 1024u));
  command->add_option("--memory", options->memory,
                      "Memory for orders 3 to 5, beside the file's pages [256M]");
  command->add_flag("--whole", options->whole,
                    "CTW and matches of the whole file, not of its first 2 and 16 MiB: slow, and "
                    "16 bytes of memory for each of the file");
  command->add_flag("--offline", options->offline, "Download nothing");
  return {command, [options, &program] { return run(*options, program); }};
}

}  // namespace evalzip
