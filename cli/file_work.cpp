#include "cli/file_work.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <stdexcept>
#include <thread>

#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "container/container_error.h"
#include "harness/descriptor_io.h"
#include "harness/part_file.h"
#include "reports/columns.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

constexpr const char* kInput = "Input";
constexpr const char* kOutput = "Output";

int complain(const InputFile* input, const std::string& name, const std::string& what, int code) {
  const std::string& shown = input == nullptr ? name : input->name();
  // Many messages begin with the name, or with "cannot read" and it; a short name may stand in any.
  const std::size_t end = shown.size();
  const bool first = what.starts_with(shown) && what.find_first_of(" :.", end) == end;
  const bool named = first || what.starts_with("cannot read " + shown + ":");
  fmt::print(stderr, "evalzip: {}\n", printable((named ? "" : shown + ": ") + what));
  return code;
}

int exit_code_of(ContainerError::Kind kind) {
  const bool wrong_bytes =
      kind == ContainerError::Kind::damaged || kind == ContainerError::Kind::undecodable;
  return wrong_bytes ? kExitIntegrity : kExitUsage;
}

int work_on(const std::string& name, const std::function<void(const InputFile&)>& work) {
  std::optional<InputFile> input;
  const auto code_of = [&](const std::string& what, int code) {
    return complain(input ? &*input : nullptr, name, what, code);
  };
  try {
    work(input.emplace(name));
    return kExitOk;
  } catch (const ContainerError& error) {
    return code_of(error.what(), exit_code_of(error.kind()));
  } catch (const std::bad_alloc&) {
    return code_of("out of memory: fewer --threads or a smaller --block-size take less",
                   kExitUsage);
  } catch (const std::exception& error) {
    return code_of(error.what(), kExitUsage);
  }
}

namespace fs = std::filesystem;

// A pipe or a device is written to, not replaced.
bool is_device(const std::string& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

void write_to_device(const std::string& path, const std::function<void(const ByteSink&)>& write) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot write " + path);
  }
  const std::unique_ptr<const int, void (*)(const int*)> closed(
      &descriptor, [](const int* one) { close(*one); });
  write([descriptor](Bytes bytes) { write_all(descriptor, bytes); });
}

void refuse_same(const std::string& read, const fs::path& written) {
  std::error_code ignored;
  if (!fs::equivalent(read, written, ignored)) return;
  throw std::runtime_error("the result would replace " + read + ": name another with -o");
}

void check_target(const InputFile& input, const Target& target) {
  std::error_code ignored;
  if (fs::is_directory(target.path, ignored)) {
    throw std::runtime_error(target.path + " is a folder: name a file with -o");
  }
  for (const fs::path& written : {fs::path(target.path), PartFile::part_of(target.path)}) {
    for (const std::string& read : target.read_too) refuse_same(read, written);
    if (!input.is_standard()) refuse_same(input.name(), written);
  }
  if (fs::exists(fs::symlink_status(target.path, ignored)) && !target.force) {
    throw std::runtime_error(target.path + " is there already: -f replaces it, -o names another");
  }
}

ByteSource source_at_start(const PartFile& part) {
  const auto offset = std::make_shared<std::uint64_t>(0);
  const auto size = static_cast<std::uint64_t>(fs::file_size(part.part()));
  return [&part, offset, size](MutableBytes bytes) {
    const auto have =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), size - *offset));
    read_exactly(part.descriptor(), *offset, bytes.first(have));
    *offset += have;
    return have;
  };
}

}  // namespace

void add_work_flags(CLI::App& app, FileOptions& options) {
  app.add_option("-T,--threads", options.threads,
                 "Threads, each with a block of its own; 0: one for each CPU [1]")
      ->check(CLI::Range(0, 256))
      ->group(kInput);
  app.add_flag("-v,--verbose", options.verbose, "A line about each file, and the memory it takes");
  app.add_flag("-q,--quiet", options.quiet, "No progress");
}

void add_input_flags(CLI::App& app, FileOptions& options) {
  app.add_option("FILE", options.files, "Files; none or -: standard input")->group(kInput);
  add_work_flags(app, options);
}

void add_target_flags(CLI::App& app, FileOptions& options) {
  auto* output =
      app.add_option("-o,--output", options.output, "The result's name; - is standard output")
          ->type_name("FILE")
          ->group(kOutput);
  app.add_flag("-c,--stdout", options.to_standard_output, "Write to standard output")
      ->excludes(output)
      ->group(kOutput);
  app.add_flag("-f,--force", options.force, "Replace files, use terminals")->group(kOutput);
}

void add_output_flags(CLI::App& app, FileOptions& options) {
  add_target_flags(app, options);
  auto* keep = app.add_flag_function(
      "-k,--keep", [](std::int64_t) {}, "Keep the files read [so it is, unless --rm]");
  keep->group(kOutput);
  app.add_flag("--rm", options.remove,
               "Remove each file read, once its result is on disk and was found to be right")
      ->excludes(keep)
      ->group(kOutput);
}

unsigned thread_count(const FileOptions& options) {
  return options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
}

int for_each_file(const FileOptions& options, const std::function<void(const InputFile&)>& work) {
  if (options.files.empty()) return work_on(kStandardStream, work);
  int worst = kExitOk;
  for (const std::string& name : options.files) worst = std::max(worst, work_on(name, work));
  return worst;
}

FileProgress::FileProgress(const InputFile& input, StatusLine& line, const FileOptions& options)
    : input_(input), line_(line), verbose_(options.verbose) {}

double FileProgress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void FileProgress::show(const EvzTotals& totals, std::uint64_t read) {
  if (!line_.live()) return;
  const double megabytes = static_cast<double>(totals.raw_bytes) / 1e6;
  const auto size = input_.size();
  const std::string share =
      size && *size > 0
          ? fmt::format(" {:3.0f} %", 100 * static_cast<double>(read) / static_cast<double>(*size))
          : "";
  line_.show(fmt::format("{}{}  {:.1f} MB, {:.1f} MB in the container, {:.3g} MB/s",
                         printable(input_.name()), share, megabytes,
                         static_cast<double>(totals.file_bytes) / 1e6, megabytes / seconds()));
}

void FileProgress::finish(const EvzTotals& totals, const std::string& codec) {
  line_.clear();
  if (!verbose_) return;
  const auto raw = static_cast<double>(totals.raw_bytes);
  const double share = raw > 0 ? 100 * static_cast<double>(totals.file_bytes) / raw : 0;
  fmt::print(stderr, "{}: {} bytes, {} in the container ({:.2f} %), {}, {:.3g} MB/s, xxh128 {}\n",
             printable(input_.name()), format_grouped(totals.raw_bytes),
             format_grouped(totals.file_bytes), share, printable(codec), raw / 1e6 / seconds(),
             hex(totals.hash));
}

bool write_result(const InputFile& input, const Target& target,
                  const std::function<void(const ByteSink&)>& write) {
  if (target.must_verify && (target.path == kStandardStream || is_device(target.path))) {
    throw std::runtime_error(
        "--verify reads the result again, so it must be a file: name one with -o");
  }
  if (target.path == kStandardStream) {
    write([](Bytes bytes) { write_all(STDOUT_FILENO, bytes); });
    return false;
  }
  if (is_device(target.path)) {
    write_to_device(target.path, write);
    return false;
  }
  check_target(input, target);
  // Until it has its owner and permissions it is nobody else's to read.
  const bool named = input.is_regular() && !input.is_standard();
  PartFile part(target.path, named ? 0600 : 0666);
  const RemovedWhenInterrupted guard(part.part());
  write([&part](Bytes bytes) { part.write(bytes); });
  if (target.verify) {
    part.sync();
    target.verify(source_at_start(part));
  }
  input.lend_attributes(part);
  part.commit(target.force);
  return true;
}

}  // namespace evalzip
