#include "harness/record.h"

namespace evalzip {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "ok";
    case Outcome::mismatch:
      return "mismatch";
    case Outcome::fault:
      return "fault";
    case Outcome::threw:
      return "threw";
    case Outcome::crashed:
      return "crashed";
    case Outcome::timed_out:
      return "timed_out";
    case Outcome::out_of_memory:
      return "out_of_memory";
    case Outcome::missing:
      return "missing";
    case Outcome::skipped:
      return "skipped";
  }
  return "unknown";
}

std::optional<Outcome> outcome_named(std::string_view name) {
  for (const Outcome outcome : kOutcomes) {
    if (to_string(outcome) == name) return outcome;
  }
  return std::nullopt;
}

}  // namespace evalzip
