// `evalzip analyze`: what documents allow, before any codec is tried.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "cli/analysis_text.h"
#include "cli/commands.h"
#include "cli/corpora_of_run.h"
#include "cli/exit_code.h"
#include "cli/model_places.h"
#include "cli/quantity.h"
#include "cli/run_progress.h"
#include "codecs/llm/llm_stream.h"
#include "codecs/llm/mapped_file.h"
#include "harness/output_file.h"

namespace evalzip {
namespace {

struct Options {
  std::vector<std::string> files, corpora;
  std::string format = "text", out, memory = "256M", model;
  bool as_json = false, offline = false, whole = false;
  AnalysisSettings settings{.threads = 2};
};

AnalysisSettings settings_of(const Options& options) {
  AnalysisSettings settings = options.settings;
  settings.memory_bytes = parse_size(options.memory);
  if (options.whole) settings.ctw_bytes = settings.match_bytes = SIZE_MAX;
  return settings;
}

// The tokens of a language model, and its code length of the beginning of documents.
class ModelAnalyst {
 public:
  ModelAnalyst(const std::string& name, bool whole, StatusLine& line)
      : most_token_bytes_(whole ? SIZE_MAX : std::size_t{16} << 20),
        most_bytes_(whole ? SIZE_MAX : std::size_t{64} << 10),
        stream_(load(name, line), {}, preferred_engine_kernels()) {}

  void add_to(DocumentAnalysis& analysis, Bytes document) {
    if (document.empty()) return;
    const Bytes text = document.first(std::min(document.size(), most_token_bytes_));
    analysis.token_size = text.size();
    analysis.tokens = symbol_entropy(stream_.model().tokenizer->encode(text));
    const Bytes beginning = document.first(std::min(document.size(), most_bytes_));
    analysis.model_size = beginning.size();
    analysis.model_bits = stream_.measure(beginning).count_bits;
  }

 private:
  static std::shared_ptr<const LanguageModel> load(const std::string& name, StatusLine& line) {
    CorpusProgress progress(line);
    const LocatedModel found = find_model(name, places_from_environment(), progress);
    if (!found.missing.empty()) throw CorpusError(CorpusError::Kind::usage, found.missing);
    return load_language_model(found.file);
  }

  std::size_t most_token_bytes_;  // 20 bytes of memory for each
  std::size_t most_bytes_;        // some milliseconds for each
  LlmStream stream_;
};

DocumentAnalysis analyze_document(const Document& document, const AnalysisSettings& settings,
                                  ModelAnalyst* model) {
  if (document.size == 0) return analyze({}, settings);
  const MappedFile file(document.path);
  if (file.bytes().size() < document.offset + document.size) {
    throw std::runtime_error(
        fmt::format("analyze: {} became shorter while it was read", document.path.string()));
  }
  const Bytes bytes = file.bytes().subspan(document.offset, document.size);
  DocumentAnalysis analysis = analyze(bytes, settings);
  if (model != nullptr) model->add_to(analysis, bytes);
  return analysis;
}

std::string shown(const DocumentAnalysis& analysis, const std::string& name,
                  const std::string& format, bool colour) {
  if (format == "json") return analysis_json(analysis, name);
  return format == "svg" ? profile_svg(analysis, name) : analysis_text(analysis, name, colour);
}

// The results of one(0), one(1), ... on so many threads, in their order. Throws what the first of
// them that throws does.
std::vector<std::string> on_threads(std::size_t count, unsigned threads,
                                    const std::function<std::string(std::size_t)>& one) {
  std::vector<std::string> results(count);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) results[i] = one(i);
  };
  std::vector<std::future<void>> workers;
  for (unsigned i = 0; i < threads; ++i) workers.push_back(std::async(std::launch::async, work));
  for (std::future<void>& worker : workers) worker.get();
  return results;
}

// Text apart by blank lines, JSON in one array. Threads go to documents, or to the only one; a
// language model is one for all.
std::string analyze_all(const std::vector<Corpus>& corpora, const Options& options,
                        const std::string& format, bool colour, ModelAnalyst* model) {
  std::vector<const Document*> documents;
  for (const Corpus& corpus : corpora) {
    for (const Document& document : corpus.documents) documents.push_back(&document);
  }
  AnalysisSettings settings = settings_of(options);
  unsigned threads = 1;
  if (documents.size() > 1 && model == nullptr) {
    threads = std::exchange(settings.threads, 1);
    settings.memory_bytes /= threads;
  }
  const std::vector<std::string> each = on_threads(documents.size(), threads, [&](std::size_t i) {
    const Document& document = *documents[i];
    return shown(analyze_document(document, settings, model), document.name, format, colour);
  });
  const std::string_view between = format == "json" ? ",\n" : "\n";
  const std::string text = fmt::format("{}", fmt::join(each, between));
  return format == "json" ? "[" + text + "]\n" : text;
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
  std::optional<ModelAnalyst> model;
  if (!options.model.empty()) model.emplace(options.model, options.whole, line);
  const std::string text = analyze_all(
      corpora, options, format, program.colour && options.out.empty(), model ? &*model : nullptr);
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
  command
      ->add_option("--threads", options->settings.threads,
                   "Threads, for documents or for orders 3 to 5 of the only one [2]")
      ->check(CLI::Range(1u, 1024u));
  command->add_option("--memory", options->memory,
                      "Memory for orders 3 to 5, beside the file's pages [256M]");
  command->add_flag("--whole", options->whole,
                    "CTW and matches of the whole file, not of its first 2 and 16 MiB: slow, and "
                    "16 bytes of memory for each of the file");
  command->add_option("--model", options->model,
                      "A language model (`evalzip model list`, or a GGUF file): the entropy of its "
                      "tokens, and its code length of the first 64 KiB");
  command->add_flag("--offline", options->offline, "Download nothing");
  return {command, [options, &program] { return run(*options, program); }};
}

}  // namespace evalzip
