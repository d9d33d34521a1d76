// `evalzip model import`.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/output_file.h"
#include "codecs/llm/llama2c.h"
#include "codecs/llm/mapped_file.h"

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

}  // namespace

Command add_model_command(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand("model", "Convert models of language");
  command->require_subcommand(1);
  const auto import = std::make_shared<ImportOptions>();
  CLI::App* sub = command->add_subcommand("import", "Turn a checkpoint of llama2.c into GGUF");
  sub->add_option("checkpoint", import->checkpoint, "FILE.bin")->required();
  sub->add_option("--tokenizer", import->tokenizer, "Its tokenizer.bin")->required();
  sub->add_option("-o,--output", import->output, "FILE.gguf to write")->required();
  return {command, [=] { return import_model(*import); }};
}

}  // namespace evalzip
