// `evalzip compress`: files to .evz.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

#include "cli/commands.h"
#include "cli/container_codec.h"
#include "cli/exit_code.h"
#include "cli/file_work.h"
#include "cli/quantity.h"
#include "container/container_error.h"

namespace evalzip {
namespace {

struct CompressOptions {
  FileOptions files;
  std::string codec = "ppm", block_size = "32MiB";
  bool verify = false;
};

std::uint32_t block_bytes(const std::string& text) {
  const std::uint64_t size = parse_size(text);
  if (size == 0 || size > kMostBlockBytes) {
    throw std::invalid_argument(
        fmt::format("--block-size: must be from 1 byte to 1GiB, not {}", text));
  }
  return static_cast<std::uint32_t>(size);
}

std::string target_path(const InputFile& input, const FileOptions& options) {
  if (options.to_standard_output) return kStandardStream;
  if (!options.output.empty()) return options.output;
  if (input.is_standard()) return kStandardStream;
  if (input.name().ends_with(kEvzSuffix) && !options.force) {
    throw std::runtime_error(input.name() +
                             " has the suffix .evz already: -f compresses it once more");
  }
  return input.name() + kEvzSuffix;
}

// Decodes what was written and compares it with what was read.
void verify(const ContainerCodec& codec, unsigned threads, const Digest& hash,
            const ByteSource& file) {
  const SizedHeader header = read_evz_header(file);
  const EvzTotals found =
      decompress(header, {.make = codec.make, .threads = threads}, file, [](Bytes) {});
  if (found.hash != hash) throw damaged("the result does not decode to what was read");
}

void announce_memory(const ContainerCodec& codec, std::uint64_t size, unsigned threads) {
  const std::uint64_t memory = memory_needed(codec, size, threads);
  if (memory == 0) return;
  fmt::print(stderr, "{} with {} thread{}: at most about {:.0f} MB of memory\n", codec.header.codec,
             threads, threads == 1 ? "" : "s", static_cast<double>(memory) / 1e6);
}

void compress_file(const CompressOptions& options, const ContainerCodec& codec,
                   const InputFile& input, StatusLine& line) {
  const unsigned threads = thread_count(options.files);
  const std::string path = target_path(input, options.files);
  if (path == kStandardStream && !options.files.force && isatty(STDOUT_FILENO) == 1) {
    throw std::runtime_error(
        "compressed bytes are not for a terminal: -o names a file, -f writes them all the same");
  }
  EvzTotals totals;
  Target target{.path = path, .force = options.files.force};
  target.must_verify = options.verify;
  if (options.verify || options.files.remove) {
    target.verify = [&](const ByteSource& file) { verify(codec, threads, totals.hash, file); };
  }
  FileProgress progress(input, line, options.files);
  const EvzWork work{.make = codec.make, .threads = threads, .observe = [&](const EvzTotals& now) {
                       progress.show(now, now.raw_bytes);
                     }};
  const bool kept = write_result(input, target, [&](const ByteSink& sink) {
    totals = compress(codec.header, work, input.source(), sink);
  });
  if (options.files.remove && kept) input.remove();
  progress.finish(totals, codec.header.codec);
}

int compress_files(const CompressOptions& options, const Program& program) {
  const bool one_result = options.files.to_standard_output || !options.files.output.empty();
  if (one_result && options.files.files.size() > 1) {
    throw std::invalid_argument(
        "each file gets a container of its own, so -o and -c take one file only");
  }
  const ContainerCodec codec =
      codec_to_write(program, options.codec, block_bytes(options.block_size));
  StatusLine line(program.live_progress, options.files.quiet);
  if (options.files.verbose) {
    announce_memory(codec, codec.header.block_bytes, thread_count(options.files));
  }
  return for_each_file(options.files,
                       [&](const InputFile& input) { compress_file(options, codec, input, line); });
}

}  // namespace

Command add_compress_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("compress", "Compress files to FILE.evz, by any codec");
  const auto options = std::make_shared<CompressOptions>();
  add_input_flags(*command, options->files);
  add_output_flags(*command, options->files);
  command
      ->add_option("--codec", options->codec, "One of `evalzip list codecs`, say cm:6 or zstd:19")
      ->capture_default_str()
      ->group("How");
  command
      ->add_option("--block-size", options->block_size,
                   "Cut into blocks of SIZE: larger ones compress better, take more memory and "
                   "leave less to several threads")
      ->capture_default_str()
      ->type_name("SIZE")
      ->group("How");
  command
      ->add_flag("--verify", options->verify,
                 "Decode the result and compare, before it gets its name")
      ->group("How");
  return {command, [options, &program] { return compress_files(*options, program); }};
}

}  // namespace evalzip
