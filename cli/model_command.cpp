// `evalzip model list|info|fetch|verify|path|import`, and the commands of weights_commands.h.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/model_places.h"
#include "cli/run_progress.h"
#include "cli/weights_commands.h"
#include "codecs/llm/llama2c.h"
#include "codecs/llm/llm_stream.h"
#include "codecs/llm/mapped_file.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/model_summary.h"
#include "corpora/corpus.h"
#include "corpora/model_store.h"
#include "harness/output_file.h"
#include "reports/columns.h"

namespace evalzip {
namespace {

struct ImportOptions {
  std::string checkpoint, tokenizer, output;
};

int import_model(const ImportOptions& options) {
  check_writable(options.output);
  const MappedFile checkpoint(options.checkpoint), tokenizer(options.tokenizer);
  const Llama2cFiles files{.checkpoint = checkpoint.bytes(),
                           .tokenizer = tokenizer.bytes(),
                           .checkpoint_name = options.checkpoint,
                           .tokenizer_name = options.tokenizer,
                           .model_name = std::filesystem::path(options.checkpoint).stem().string()};
  write_file_in_pieces(options.output,
                       [&](const PieceWriter& write) { import_llama2c(files, write); });
  return kExitOk;
}

// The documents of a manifest whose recipe is llama2c: checkpoint and tokenizer.
ModelConversion llama2c_conversion(const ModelManifest& model) {
  return [&model](const auto& documents, const auto& sink) {
    const MappedFile checkpoint(documents[0]), tokenizer(documents[1]);
    const std::string& name = model.source.documents.front().name;
    import_llama2c({.checkpoint = checkpoint.bytes(),
                    .tokenizer = tokenizer.bytes(),
                    .checkpoint_name = name,
                    .tokenizer_name = model.source.documents.back().name,
                    .model_name = std::filesystem::path(name).stem().string()},
                   sink);
  };
}

int list_models(const Program& program) {
  StatusLine line(program.live_progress, false);
  CorpusProgress progress(line);
  const CorpusPlaces places = places_from_environment();
  for (const ModelManifest& model : read_model_manifests(places, progress)) {
    const bool cached = locate_model(model, places).has_value();
    fmt::print("{:<22} {:>13} parameters  {:<10} {:<7} {}\n", model.name(),
               format_grouped(model.parameters), model.identity ? "verifiable" : "no hash",
               cached ? "cached" : "", model.source.title);
  }
  return kExitOk;
}

void print_field(const char* name, const std::string& value) {
  if (!value.empty()) fmt::print("{:<14} {}\n", name, value);
}

// What coding with the model needs, or why it cannot be coded with.
std::string memory_line(const ModelFile& model) {
  constexpr std::size_t kMany = 64;
  try {
    const auto bytes = [&](std::size_t segments) {
      const std::size_t full = kMany * (read_transformer_shape(model).context + 1);
      return LlmStream::memory_bytes(model, {.segments = segments}, full);
    };
    return fmt::format("{} bytes, and {} for each further segment: {} with {}",
                       format_grouped(bytes(1)), format_grouped(LlmStream::segment_bytes(model)),
                       format_grouped(bytes(kMany)), kMany);
  } catch (const ModelError& error) {
    return fmt::format("cannot be coded with: {}", error.what());
  }
}

void print_file(const std::filesystem::path& path) {
  const ModelFile model = open_model_file(path);
  const ModelSummary summary = summarise(model);
  print_field("file", path.string());
  print_field("architecture", summary.architecture);
  print_field("parameters", format_grouped(summary.parameters));
  print_field("tensors", summary.types);
  print_field("context", format_grouped(summary.context) + " tokens");
  print_field("tokenizer", summary.tokenizer);
  print_field("memory", memory_line(model));
}

void print_manifest(const ModelManifest& model) {
  print_field("name", model.name());
  print_field("title", model.source.title);
  print_field("origin", model.source.origin);
  print_field("licence", model.source.licence);
  print_field("parameters", format_grouped(model.parameters));
  print_field("trained until", model.training_cutoff);
  print_field("contamination", model.contamination);
  print_field("note", model.source.note);
  print_field("sha256", model.identity ? *model.identity->sha256 : "not known");
  print_field("manifest", model.source.path.string());
  for (const ManifestFile& file : model.source.files) {
    for (const std::string& mirror : file.mirrors) print_field("from", mirror);
    if (file.npm) print_field("from", fmt::format("npm: {}@{}", file.npm->name, file.npm->version));
  }
}

int print_info(const std::string& name, const CorpusPlaces& places) {
  if (is_model_path(name, places)) {
    print_file(name);
    return kExitOk;
  }
  const ModelManifest model = model_manifest_called(name, places);
  print_manifest(model);
  if (const auto path = locate_model(model, places)) print_file(*path);
  return kExitOk;
}

// `unverifiable` is the exit code for a file that is there and that no hash vouches for.
int report_found(const ModelManifest& model, const FoundModel& found, int unverifiable) {
  if (!found.path) {
    fmt::print("{}  {}: {}\n", found.wrong_bytes ? "wrong  " : "missing", model.name(), found.why);
    return found.wrong_bytes ? kExitIntegrity : kExitCellsFailed;
  }
  if (found.verified) {
    fmt::print("ok       {:>14} bytes  {}  {}\n", format_grouped(found.size), model.name(),
               found.path->string());
    return kExitOk;
  }
  fmt::print(
      "NOT VERIFIED  {} bytes  {}  {}\n"
      "  its SHA-256 is {}; the manifest knows none to compare it with\n",
      format_grouped(found.size), model.name(), found.path->string(), found.sha256);
  return unverifiable;
}

int fetch(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  const ModelManifest model = model_manifest_called(name, places);
  return report_found(model, fetch_model(model, places, llama2c_conversion(model), progress),
                      kExitOk);
}

int verify(const std::string& name, const CorpusPlaces& places, Progress& progress) {
  const ModelManifest model = model_manifest_called(name, places);
  return report_found(model, verify_model(model, places, progress), kExitCellsFailed);
}

int print_path(const std::string& name, const CorpusPlaces& places) {
  const ModelManifest model = model_manifest_called(name, places);
  const auto path = locate_model(model, places);
  if (!path) {
    throw CorpusError(
        CorpusError::Kind::usage,
        fmt::format("the model {0} is not here; say `evalzip model fetch {0}` first", name));
  }
  fmt::print("{}\n", path->string());
  return kExitOk;
}

// Does `act` for every name; the result is the worst of theirs.
template <class Act>
int for_each_name(const std::vector<std::string>& names, const Program& program, Act act) {
  catch_interrupts();
  StatusLine line(program.live_progress, false);
  CorpusProgress progress(line);
  int code = kExitOk;
  for (const std::string& name : names) {
    code = std::max(code, act(name, places_from_environment(), progress));
    line.clear();
  }
  return code;
}

std::shared_ptr<ImportOptions> add_import(CLI::App& command, CLI::App*& sub) {
  const auto options = std::make_shared<ImportOptions>();
  sub = command.add_subcommand("import", "Turn a checkpoint of llama2.c into GGUF");
  sub->add_option("checkpoint", options->checkpoint, "FILE.bin")->required();
  sub->add_option("--tokenizer", options->tokenizer, "Its tokenizer.bin")->required();
  sub->add_option("-o,--output", options->output, "FILE.gguf to write")->required();
  return options;
}

}  // namespace

Command add_model_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "model", "List, describe, fetch, check, convert and compress language models");
  command->require_subcommand(1);
  const auto names = std::make_shared<std::vector<std::string>>();
  CLI::App* list = command->add_subcommand("list", "Every model with its parameters");
  const auto add = [&](const char* name, const char* summary) {
    CLI::App* sub = command->add_subcommand(name, summary);
    sub->add_option("model", *names, "Names of models")->required();
    return sub;
  };
  CLI::App* info = add("info", "Origin, licence, contamination; of a file at hand what it holds");
  CLI::App* fetch_it = add("fetch", "Download and put together what is missing; resumes");
  CLI::App* verify_it = add("verify", "Read the file at hand and compare its hash");
  add("path", "Print where the file lies");
  CLI::App* import = nullptr;
  const auto import_options = add_import(*command, import);
  const std::vector<Command> on_weights = add_weights_commands(*command, program);
  return {command, [=, &program] {
            for (const Command& one : on_weights) {
              if (one.app->parsed()) return one.run();
            }
            if (*list) return list_models(program);
            if (*import) return import_model(*import_options);
            return for_each_name(*names, program,
                                 [&](const std::string& name, const CorpusPlaces& places,
                                     Progress& progress) -> int {
                                   if (*info) return print_info(name, places);
                                   if (*fetch_it) return fetch(name, places, progress);
                                   if (*verify_it) return verify(name, places, progress);
                                   return print_path(name, places);
                                 });
          }};
}

}  // namespace evalzip
