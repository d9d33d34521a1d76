#include "cli/weights_commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "cli/file_work.h"
#include "cli/open_weights.h"
#include "cli/quantity.h"
#include "cli/run_progress.h"
#include "cli/weights_tables.h"
#include "container/container_error.h"
#include "harness/descriptor_io.h"
#include "harness/worker_process.h"
#include "reports/columns.h"
#include "reports/printable.h"
#include "weights/evt_unpack.h"

namespace evalzip {
namespace {

constexpr const char* kEvtSuffix = ".evt";

struct WeightsOptions {
  FileOptions files;
  std::string file, tensor, base, coder = "rans";
  std::vector<std::string> bandwidths;
};

// A line on the terminal while bytes go by.
std::function<void(std::uint64_t)> shown_on(StatusLine& line, const std::string& name,
                                            std::uint64_t size) {
  const auto begin = std::chrono::steady_clock::now();
  return [&line, name, size, begin](std::uint64_t done) {
    if (!line.live()) return;
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    line.show(fmt::format("{} {:3.0f} %  {:.1f} MB, {:.0f} MB/s", printable(name),
                          100.0 * static_cast<double>(done) / static_cast<double>(size),
                          static_cast<double>(done) / 1e6,
                          static_cast<double>(done) / 1e6 / seconds));
  };
}

// The base of a container or a packing, if one is named.
struct Base {
  std::optional<InputFile> input;
  std::optional<WeightsFile> weights;

  explicit Base(const std::string& name) {
    if (!name.empty()) weights = open_weights(input.emplace(name));
  }
  const WeightsFile* get() const { return weights ? &*weights : nullptr; }
};

std::string target_of(const WeightsOptions& options, const std::string& usual) {
  if (options.files.to_standard_output) return kStandardStream;
  return options.files.output.empty() ? usual : options.files.output;
}

PlaneCode code_of(const WeightsOptions& options) {
  return options.coder == "rans" ? PlaneCode::rans : PlaneCode::huffman;
}

void pack_file(const WeightsOptions& options, const InputFile& input, StatusLine& line) {
  const WeightsFile weights = open_weights(input);
  const Base base(options.base);
  const EvtPacking packing{.threads = thread_count(options.files),
                           .code = code_of(options),
                           .base = base.get(),
                           .observe = shown_on(line, input.name(), weights.bytes.size)};
  const std::string usual =
      std::filesystem::path(input.name()).replace_extension(kEvtSuffix).string();
  Target target{.path = target_of(options, usual), .force = options.files.force};
  if (!options.base.empty()) target.read_too = {options.base};
  EvtIndex index;
  std::uint64_t written = 0;
  write_result(input, target, [&](const ByteSink& sink) {
    index = pack_weights(weights, packing, [&](Bytes bytes) {
      written += bytes.size();
      sink(bytes);
    });
  });
  line.clear();
  if (options.files.verbose) {
    fmt::print(stderr, "{}: {} bytes, {} in the container ({:.2f} %), {} tensor{}\n",
               printable(input.name()), format_grouped(index.size), format_grouped(written),
               100.0 * static_cast<double>(written) / static_cast<double>(index.size),
               weights.index.tensors.size(), weights.index.tensors.size() == 1 ? "" : "s");
  }
}

// Throws if the file that the user calls the base is another.
void check_base(const Base& base, const EvtIndex& index) {
  if (base.get() == nullptr || is_base(base.get()->bytes, index)) return;
  throw ContainerError(ContainerError::Kind::unsuitable,
                       index.base_name.empty()
                           ? "it has no base: leave --base out"
                           : base.get()->name + " is not the base of this file, which is another " +
                                 index.base_name);
}

std::string unpacked_name(const WeightsOptions& options, const EvtIndex& index) {
  if (!options.file.ends_with(kEvtSuffix)) {
    if (!target_of(options, "").empty()) return target_of(options, "");
    throw std::runtime_error(options.file + " does not end in .evt: name the result with -o");
  }
  const std::string stem = options.file.substr(0, options.file.size() - 4);
  const std::string suffix = index.file_format == "GGUF" ? ".gguf" : "." + index.file_format;
  return target_of(options, stem + suffix);
}

void unpack_file(const WeightsOptions& options, const InputFile& input, StatusLine& line) {
  const RandomAccess container = random_access(input);
  const EvtIndex index = read_evt_index(container);
  const Base base(options.base);
  check_base(base, index);
  const EvtUnpacking unpacking{.threads = thread_count(options.files),
                               .base = base.get(),
                               .observe = shown_on(line, input.name(), index.size)};
  const Target target{.path = unpacked_name(options, index), .force = options.files.force};
  write_result(input, target,
               [&](const ByteSink& sink) { unpack_weights(container, index, unpacking, sink); });
}

void get_tensor(const WeightsOptions& options, const InputFile& input, StatusLine&) {
  const RandomAccess container = random_access(input);
  const EvtIndex index = read_evt_index(container);
  const EvtSegment* const segment = index.find(options.tensor);
  if (segment == nullptr) {
    throw std::runtime_error(
        fmt::format("{} has no tensor called {}; `evalzip model ls {}` names those there are",
                    input.name(), options.tensor, input.name()));
  }
  const Base base(options.base);
  check_base(base, index);
  const EvtUnpacking unpacking{.threads = thread_count(options.files), .base = base.get()};
  const Target target{.path = target_of(options, kStandardStream), .force = options.files.force};
  write_result(input, target, [&](const ByteSink& sink) {
    unpack_segment(container, index, *segment, unpacking, sink);
  });
}

std::string shape_of(const std::vector<std::uint64_t>& shape) {
  return shape.empty() ? "scalar" : fmt::format("{}", fmt::join(shape, "x"));
}

void print_row(const std::string& type, const std::vector<std::uint64_t>& shape, std::uint64_t size,
               const std::string& stored, const std::string& name) {
  fmt::print("{:<8} {:>16} {:>15} {:>15}  {}\n", printable(type), shape_of(shape),
             format_grouped(size), stored, printable(name));
}

void list_container(const RandomAccess& container) {
  const EvtIndex index = read_evt_index(container);
  for (const EvtSegment& one : index.segments) {
    if (one.name.empty()) continue;
    const std::string stored =
        one.same_as ? "= " + index.segments[*one.same_as].name
                    : fmt::format("{} {:5.1f} %", format_grouped(one.stored()),
                                  one.size == 0 ? 0.0
                                                : 100.0 * static_cast<double>(one.stored()) /
                                                      static_cast<double>(one.size));
    print_row(one.type, one.shape, one.size, stored, one.name);
  }
  fmt::print(
      "{} file of {} bytes in {} bytes{}\n", index.file_format, format_grouped(index.size),
      format_grouped(container.size),
      index.base_name.empty() ? "" : ", as its difference from " + printable(index.base_name));
}

void list_file(const WeightsOptions&, const InputFile& input, StatusLine&) {
  const RandomAccess bytes = random_access(input);
  std::array<std::byte, 8> first{};
  bytes.read(0, MutableBytes(first).first(std::min<std::uint64_t>(bytes.size, first.size())));
  if (looks_like_evt(first)) return list_container(bytes);
  const WeightsFile weights = open_weights(input);
  for (const TensorEntry& one : weights.index.tensors) {
    print_row(one.type, one.shape, one.size, "", one.name);
  }
  fmt::print("{} file of {} bytes, {} tensors\n", weights.index.file_format,
             format_grouped(bytes.size), weights.index.tensors.size());
}

// Packs and unpacks in memory of a chunk at a time: the bytes counted were decoded and compared.
void report_file(const WeightsOptions& options, const InputFile& input, StatusLine& line) {
  std::vector<double> bandwidths;
  for (const std::string& one : options.bandwidths) bandwidths.push_back(parse_bandwidth(one));
  const WeightsFile weights = open_weights(input);
  const unsigned threads = thread_count(options.files);
  const AnonymousFile container;
  std::uint64_t written = 0;
  const EvtIndex index = pack_weights(weights,
                                      {.threads = threads,
                                       .code = code_of(options),
                                       .observe = shown_on(line, input.name(), weights.bytes.size)},
                                      [&](Bytes bytes) {
                                        write_all(container.descriptor(), bytes);
                                        written += bytes.size();
                                      });
  const RandomAccess packed{.size = written, .read = [&](std::uint64_t at, MutableBytes bytes) {
                              read_exactly(container.descriptor(), at, bytes);
                            }};
  const auto begin = std::chrono::steady_clock::now();
  unpack_weights(packed, index, {.threads = threads}, [](Bytes) {});
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  line.clear();
  print_groups(group_weights(index, weights));
  print_load_times({.name = input.name(),
                    .raw_bytes = weights.bytes.size,
                    .stored_bytes = written,
                    .decode_seconds = seconds,
                    .threads = threads,
                    .bandwidths = bandwidths});
}

using Work = void (*)(const WeightsOptions&, const InputFile&, StatusLine&);

Command weights_command(CLI::App* app, const Program& program, Work work,
                        const std::shared_ptr<WeightsOptions>& options) {
  return {app, [=, &program] {
            StatusLine line(program.live_progress, options->files.quiet);
            options->files.files = {options->file};
            return for_each_file(options->files,
                                 [&](const InputFile& input) { work(*options, input, line); });
          }};
}

// A command on one file with the flags that all share.
std::pair<CLI::App*, std::shared_ptr<WeightsOptions>> add(CLI::App& model, const char* name,
                                                          const char* summary) {
  CLI::App* app = model.add_subcommand(name, summary);
  const auto options = std::make_shared<WeightsOptions>();
  app->add_option("FILE", options->file, "The file")->required();
  return {app, options};
}

void add_coding_flags(CLI::App& app, WeightsOptions& options) {
  add_work_flags(app, options.files);
  add_target_flags(app, options.files);
  app.add_option("--base", options.base,
                 "Weights that these were made from, as by fine-tuning: differences are stored")
      ->type_name("FILE");
}

void add_coder_flag(CLI::App& app, WeightsOptions& options) {
  app.add_option("--coder", options.coder, "Of exponents: rans is smaller, huffman decodes faster")
      ->check(CLI::IsMember({"rans", "huffman"}))
      ->capture_default_str();
}

}  // namespace

std::vector<Command> add_weights_commands(CLI::App& model, Program& program) {
  std::vector<Command> commands;
  const auto [pack, pack_options] =
      add(model, "pack", "Compress safetensors, GGUF, .npy or .npz to FILE.evt, tensor by tensor");
  add_coding_flags(*pack, *pack_options);
  add_coder_flag(*pack, *pack_options);
  commands.push_back(weights_command(pack, program, pack_file, pack_options));
  const auto [unpack, unpack_options] =
      add(model, "unpack", "Give back the file that was packed, byte for byte");
  add_coding_flags(*unpack, *unpack_options);
  commands.push_back(weights_command(unpack, program, unpack_file, unpack_options));
  const auto [get, get_options] = add(model, "get", "Write the numbers of one tensor of FILE.evt");
  get->add_option("TENSOR", get_options->tensor, "Its name")->required();
  add_coding_flags(*get, *get_options);
  commands.push_back(weights_command(get, program, get_tensor, get_options));
  const auto [ls, ls_options] =
      add(model, "ls", "The tensors of FILE.evt, or of a file of weights");
  commands.push_back(weights_command(ls, program, list_file, ls_options));
  const auto [report, report_options] =
      add(model, "report", "Bits per weight by kind of tensor, entropies of fields, times to load");
  add_work_flags(*report, report_options->files);
  add_coder_flag(*report, *report_options);
  report
      ->add_option(
          "--bandwidth", report_options->bandwidths,
          "Of the disk or network to load from, 1Gbit/s say; commas between several [seven "
          "usual ones]")
      ->delimiter(',')
      ->type_name("RATE");
  commands.push_back(weights_command(report, program, report_file, report_options));
  return commands;
}

}  // namespace evalzip
