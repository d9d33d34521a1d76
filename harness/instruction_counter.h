// How many instructions a codec executes: repeatable to 1e-7 where times differ by half, so it can
// be gated on any busy machine.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/cell_runner.h"

namespace evalzip {

// The user asked for instructions, and here is nothing that counts them.
class CounterError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Long documents are counted on this much of them.
inline constexpr std::uint64_t kCountedBytes = 1 << 20;

class InstructionCounter {
 public:
  // `with` is "perf", the processor's own counter; "valgrind", the same counts on every processor;
  // or "any" of them, the faster first. Throws CounterError for another word and for what cannot be
  // used here. `worker` is the program of the worker processes.
  InstructionCounter(const Plan& plan, const std::filesystem::path& worker, std::string_view with,
                     std::function<bool()> interrupted);
  ~InstructionCounter();
  InstructionCounter(const InstructionCounter&) = delete;
  InstructionCounter& operator=(const InstructionCounter&) = delete;

  // Runs cell `index` of the plan once on at most kCountedBytes of its document and fills in the
  // counts of one encode and one decode call; under callgrind (Weidendorfer, 2004) that is about
  // fifty times slower than without. A cell that fails there keeps its record without counts and a
  // sentence in `detail`. False if the user interrupted.
  bool count(std::size_t index, Record& record);

  // What counts, and the instruction set it offers to codecs: "valgrind-3.19.0,avx2".
  const std::string& instruction_set() const { return instruction_set_; }

 private:
  bool by_perf() const { return folder_.empty(); }

  std::string counter_;           // "perf", or Valgrind's version
  std::filesystem::path folder_;  // of callgrind's output; empty: perf counts
  std::string instruction_set_;
  Plan plan_;
  CellRunner runner_;
};

}  // namespace evalzip
