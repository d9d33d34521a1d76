#include "harness/instruction_counter.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <system_error>

#include "codecs/cpu_features.h"

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

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "evalzip-XXXXXX").string();
  if (mkdtemp(name.data()) != nullptr) return name;
  throw std::system_error(errno, std::generic_category(), "cannot make a folder " + name);
}

std::string valgrind_version() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      popen("valgrind --version 2>/dev/null", "r"), pclose);
  std::array<char, 80> line{};
  if (pipe == nullptr || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) {
    throw CounterError(
        "counting instructions needs the program valgrind, which is not here: install it, or leave "
        "--instructions out");
  }
  const std::string version(line.data());
  return version.substr(0, version.find('\n'));
}

// Valgrind shows programs a processor of its own, without AVX-512.
std::string instruction_set() {
  const std::vector<Isa> usable = usable_isas();
  const bool avx512 = usable.back() == Isa::avx512;
  return std::string(to_string(avx512 ? Isa::avx2 : usable.back()));
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
                                       std::function<bool()> interrupted)
    : folder_(make_folder()),
      instruction_set_(valgrind_version() + "," + evalzip::instruction_set()),
      runner_(plan,
              WorkerProcess(worker,
                            [folder = folder_](Phase phase) { return callgrind(folder, phase); }),
              std::move(interrupted)) {}

InstructionCounter::~InstructionCounter() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

bool InstructionCounter::count(const Cell& cell, Record& record) {
  for (const Phase phase : {Phase::encode, Phase::decode}) {
    std::filesystem::remove(folder_ / file_name(phase));
  }
  // A round other than 0 spares the ideal code length; without samples each direction is called
  // once.
  const auto result = runner_.run(cell, {.round = 1, .samples = 0, .sampling_seconds = 0});
  if (!result) return false;
  if (result->record.outcome != Outcome::ok) {
    record.detail = "under valgrind: " + result->record.detail;
    return true;
  }
  record.encode_instructions = total(folder_ / file_name(Phase::encode));
  record.decode_instructions = total(folder_ / file_name(Phase::decode));
  return true;
}

}  // namespace evalzip
