#include "harness/instruction_counter.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "codecs/cpu_features.h"
#include "harness/hardware_counter.h"

namespace evalzip {
namespace {

// Counting begins and ends with these functions, callees included.
const char* counted_function(Phase phase) {
  return phase == Phase::encode ? "evalzip::BlockCodec::encode(*" : "evalzip::BlockCodec::decode(*";
}

const char* file_name(Phase phase) { return phase == Phase::encode ? "encode" : "decode"; }

std::vector<std::string> callgrind(const std::filesystem::path& folder, Phase phase) {
  return {"/usr/bin/env",
          "valgrind",
          "--quiet",
          "--tool=callgrind",
          "--callgrind-out-file=" + (folder / file_name(phase)).string(),
          std::string("--toggle-collect=") + counted_function(phase)};
}

// Empty if perf counts, which needs none.
std::filesystem::path folder_for(const std::string& counter) {
  if (counter == "perf") return {};
  std::string name = (std::filesystem::temp_directory_path() / "evalzip-XXXXXX").string();
  if (mkdtemp(name.data()) != nullptr) return name;
  throw std::system_error(errno, std::generic_category(), "cannot make a folder " + name);
}

// Empty: it is not here.
std::string valgrind_version() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      popen("valgrind --version 2>/dev/null", "r"), pclose);
  std::array<char, 80> line{};
  if (pipe == nullptr || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return {};
  const std::string version(line.data());
  return version.substr(0, version.find('\n'));
}

// "perf" or the version of Valgrind.
std::string chosen_counter(std::string_view with) {
  if (with != "any" && with != "perf" && with != "valgrind") {
    throw CounterError(
        fmt::format("instructions are counted by perf, valgrind or any of them, not by {}", with));
  }
  if (with != "valgrind" && has_hardware_counter()) return "perf";
  if (with == "perf") {
    throw CounterError(
        "the kernel does not let this process count instructions (perf_event): many virtual "
        "machines have no counters, and /proc/sys/kernel/perf_event_paranoid may forbid it; "
        "valgrind counts everywhere");
  }
  if (std::string version = valgrind_version(); !version.empty()) return version;
  throw CounterError(
      "counting instructions needs the program valgrind, which is not here: install it, or leave "
      "--instructions out");
}

// Valgrind shows programs a processor of its own, without AVX-512.
std::string instruction_set_under(const std::string& counter) {
  const Isa best = usable_isas().back();
  const bool hidden = counter != "perf" && best == Isa::avx512;
  return counter + "," + std::string(to_string(hidden ? Isa::avx2 : best));
}

WorkerProcess counted_worker(const std::filesystem::path& worker,
                             const std::filesystem::path& folder) {
  if (folder.empty()) return WorkerProcess(worker);
  return WorkerProcess(worker, [folder](Phase phase) { return callgrind(folder, phase); });
}

// Of the line "totals: 123" of callgrind's output.
std::optional<std::uint64_t> total(const std::filesystem::path& file) {
  std::ifstream in(file);
  for (std::string word; in >> word; in.ignore(1 << 16, '\n')) {
    std::uint64_t count = 0;
    if ((word == "totals:" || word == "summary:") && in >> count) return count;
    in.clear();
  }
  return std::nullopt;
}

}  // namespace

InstructionCounter::InstructionCounter(const Plan& plan, const std::filesystem::path& worker,
                                       std::string_view with, std::function<bool()> interrupted)
    : counter_(chosen_counter(with)),
      folder_(folder_for(counter_)),
      instruction_set_(instruction_set_under(counter_)),
      plan_(limited_plan(plan, kCountedBytes)),
      runner_(plan_, counted_worker(worker, folder_), std::move(interrupted)) {}

InstructionCounter::~InstructionCounter() {
  std::error_code ignored;
  if (!by_perf()) std::filesystem::remove_all(folder_, ignored);
}

bool InstructionCounter::count(std::size_t index, Record& record) {
  if (!by_perf()) {
    for (const Phase phase : {Phase::encode, Phase::decode}) {
      std::filesystem::remove(folder_ / file_name(phase));
    }
  }
  const Cell& cell = plan_.cells[index];
  // A round other than 0 spares the ideal code length; without samples each direction is called
  // once.
  const auto result = runner_.run(
      cell, {.round = 1, .samples = 0, .sampling_seconds = 0, .count_instructions = by_perf()});
  if (!result) return false;
  if (result->record.outcome != Outcome::ok) {
    record.detail = "counting instructions: " + result->record.detail;
    return true;
  }
  record.encode_instructions =
      by_perf() ? result->record.encode_instructions : total(folder_ / file_name(Phase::encode));
  record.decode_instructions =
      by_perf() ? result->record.decode_instructions : total(folder_ / file_name(Phase::decode));
  record.counted_bytes = result->record.original_bytes;
  return true;
}

}  // namespace evalzip
