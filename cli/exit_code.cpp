#include "cli/exit_code.h"

#include <algorithm>

namespace evalzip {

int exit_code_of(const std::vector<Record>& records) {
  const auto any = [&](auto matches) {
    return std::ranges::any_of(records, matches, &Record::outcome);
  };
  if (any([](Outcome outcome) { return outcome == Outcome::mismatch; })) return kExitIntegrity;
  if (any([](Outcome outcome) { return outcome != Outcome::ok && outcome != Outcome::skipped; })) {
    return kExitCellsFailed;
  }
  return kExitOk;
}

int exit_code_of(const Run& run) {
  return run.complete ? exit_code_of(run.records) : kExitInterrupted;
}

}  // namespace evalzip
