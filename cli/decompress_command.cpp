// `evalzip decompress`, `cat`, `test` and `ls`: .evz files back to bytes, or looked at.
#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "cli/commands.h"
#include "cli/container_codec.h"
#include "cli/exit_code.h"
#include "cli/file_work.h"
#include "container/container_error.h"
#include "reports/columns.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

struct DecompressOptions {
  FileOptions files;
  std::string model;
};

void refuse_terminal(const InputFile& input, const FileOptions& options) {
  if (input.is_terminal() && !options.force) {
    throw std::runtime_error("there are no compressed bytes in a terminal: name a file");
  }
}

std::string target_path(const InputFile& input, const FileOptions& options) {
  if (options.to_standard_output) return kStandardStream;
  if (!options.output.empty()) return options.output;
  if (input.is_standard()) return kStandardStream;
  const std::string& name = input.name();
  if (!name.ends_with(kEvzSuffix) || std::filesystem::path(name).filename() == kEvzSuffix) {
    throw std::runtime_error(name + " does not end in .evz: name the result with -o, or use -c");
  }
  return name.substr(0, name.size() - std::string_view(kEvzSuffix).size());
}

// Decodes one file into what `open` makes of its work.
class Decoder {
 public:
  Decoder(const Program& program, const DecompressOptions& options)
      : program_(program), options_(options), line_(program.live_progress, options.files.quiet) {}

  using Write = std::function<void(const ByteSink&)>;

  // The header is looked at before `consume` makes a place for the bytes.
  void decode(const InputFile& input, const std::function<void(const Write&)>& consume) {
    refuse_terminal(input, options_.files);
    const ByteSource file = input.source();
    const SizedHeader header = read_evz_header(file);
    const ContainerCodec codec = codec_to_read(program_, header.header, options_.model);
    FileProgress progress(input, line_, options_.files);
    const EvzWork work{
        .make = codec.make,
        .threads = thread_count(options_.files),
        .observe = [&](const EvzTotals& now) { progress.show(now, now.file_bytes); }};
    EvzTotals totals;
    try {
      consume([&](const ByteSink& sink) { totals = decompress(header, work, file, sink); });
    } catch (const ContainerError& error) {
      if (error.kind() == ContainerError::Kind::undecodable) {
        explain_version(header.header, *codec.spec.codec, error);
      }
      throw;
    }
    progress.finish(totals, header.header.codec);
  }

 private:
  // A decoder that refuses undamaged bytes may be another than the one they were made for.
  static void explain_version(const EvzHeader& header, const CodecInfo& here,
                              const ContainerError& error) {
    if (here.version == header.codec_version) return;
    throw ContainerError(
        error.kind(), fmt::format("{}; it was written by {} of version {}, and here is version {}",
                                  error.what(), here.name, header.codec_version, here.version));
  }

  const Program& program_;
  const DecompressOptions& options_;
  StatusLine line_;
};

int decompress_files(const DecompressOptions& options, const Program& program) {
  if (!options.files.output.empty() && options.files.files.size() > 1) {
    throw std::invalid_argument("-o takes one file only");
  }
  Decoder decoder(program, options);
  return for_each_file(options.files, [&](const InputFile& input) {
    const std::string path = target_path(input, options.files);
    bool kept = false;
    decoder.decode(input, [&](const Decoder::Write& write) {
      kept = write_result(input, {.path = path, .force = options.files.force}, write);
    });
    if (options.files.remove && kept) input.remove();
  });
}

int test_files(const DecompressOptions& options, const Program& program) {
  Decoder decoder(program, options);
  return for_each_file(options.files, [&](const InputFile& input) {
    decoder.decode(input, [](const Decoder::Write& write) { write([](Bytes) {}); });
    if (!options.files.quiet && !options.files.verbose) {
      fmt::print(stderr, "{}: ok\n", printable(input.name()));
    }
  });
}

int list_files(const DecompressOptions& options) {
  fmt::print("{:>15} {:>15} {:>8} {:>7}  {:<24} {}\n", "bytes", "compressed", "percent", "blocks",
             "codec", "file");
  return for_each_file(options.files, [](const InputFile& input) {
    const auto size = input.size();
    if (!size) throw std::runtime_error("only a file can be listed, not a pipe");
    const EvzSummary summary = summarise_evz(
        *size, [&](std::uint64_t offset, MutableBytes bytes) { input.read_at(offset, bytes); });
    const EvzTotals& totals = summary.totals;
    const double percent = totals.raw_bytes == 0 ? 0
                                                 : 100 * static_cast<double>(totals.file_bytes) /
                                                       static_cast<double>(totals.raw_bytes);
    fmt::print("{:>15} {:>15} {:>8.2f} {:>7}  {:<24} {}\n", format_grouped(totals.raw_bytes),
               format_grouped(totals.file_bytes), percent, totals.blocks,
               printable(summary.header.codec), printable(input.name()));
  });
}

std::shared_ptr<DecompressOptions> add_reading_flags(CLI::App& command) {
  auto options = std::make_shared<DecompressOptions>();
  add_input_flags(command, options->files);
  command
      .add_option("--model", options->model,
                  "For the model that the file names: its place here, a name or a path; its hash "
                  "must be the same")
      ->type_name("MODEL");
  return options;
}

}  // namespace

Command add_decompress_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("decompress", "Decompress FILE.evz to FILE");
  const auto options = add_reading_flags(*command);
  add_output_flags(*command, options->files);
  return {command, [options, &program] { return decompress_files(*options, program); }};
}

Command add_cat_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("cat", "Decompress .evz files to standard output");
  const auto options = add_reading_flags(*command);
  options->files.to_standard_output = true;
  return {command, [options, &program] { return decompress_files(*options, program); }};
}

Command add_test_command(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("test", "Decompress .evz files to nowhere: are they whole?");
  const auto options = add_reading_flags(*command);
  return {command, [options, &program] { return test_files(*options, program); }};
}

Command add_ls_command(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand("ls", "Sizes and codecs of .evz files");
  const auto options = std::make_shared<DecompressOptions>();
  command->add_option("FILE", options->files.files, "Files")->required();
  return {command, [options] { return list_files(*options); }};
}

}  // namespace evalzip
