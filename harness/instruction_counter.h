// How many instructions a codec executes: repeatable to 1e-7 where times differ by half, so it can
// be gated on any busy machine.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "harness/cell_runner.h"

namespace evalzip {

// The user asked for instructions, and there is no Valgrind.
class CounterError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class InstructionCounter {
 public:
  // Throws CounterError if Valgrind cannot be run.
  InstructionCounter(const Plan& plan, const std::filesystem::path& worker,
                     std::function<bool()> interrupted);
  ~InstructionCounter();
  InstructionCounter(const InstructionCounter&) = delete;
  InstructionCounter& operator=(const InstructionCounter&) = delete;

  // Runs the cell once under callgrind (Weidendorfer, 2004), about fifty times slower than without,
  // and fills in the counts of one encode and one decode call. A cell that fails there keeps its
  // record without counts and a sentence in `detail`. False if the user interrupted.
  bool count(const Cell& cell, Record& record);

  // What counts, and the instruction set it offers to codecs: "valgrind-3.19.0,avx2".
  const std::string& instruction_set() const { return instruction_set_; }

 private:
  std::filesystem::path folder_;
  std::string instruction_set_;
  CellRunner runner_;
};

}  // namespace evalzip
