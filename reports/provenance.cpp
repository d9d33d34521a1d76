#include "reports/provenance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/columns.h"

namespace evalzip {
namespace {

// Those that are not empty, commas between.
std::string list(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

std::string labelled(std::string_view label, const std::string& text) {
  return text.empty() ? "" : fmt::format("{} {}", label, text);
}

std::string libraries(const Environment& e) {
  std::vector<std::string> names;
  for (const auto& [name, version] : e.libraries)
    names.push_back(fmt::format("{} {}", name, version));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string settings(const Settings& s) {
  std::string text = fmt::format("{} samples in {} processes, {:.6g} s each, seed {}", s.samples,
                                 s.rounds, s.min_time_seconds, s.seed);
  if (s.budget_seconds) text += fmt::format(", budget {:.6g} s", *s.budget_seconds);
  if (s.timeout_seconds) text += fmt::format(", time-out {:.6g} s", *s.timeout_seconds);
  if (s.threads != 1) text += fmt::format(", {} threads", s.threads);
  if (s.pinned_cpu) text += fmt::format(", pinned to CPU {}", *s.pinned_cpu);
  return text;
}

}  // namespace

std::vector<std::pair<std::string_view, std::string>> provenance(const Run& run) {
  const Environment& e = run.environment;
  std::vector<std::pair<std::string_view, std::string>> lines = {
      {"program", list({labelled("evalzip", e.evalzip_version), labelled("commit", e.commit)})},
      {"command", fmt::format("{}", fmt::join(e.arguments, " "))},
      {"settings", settings(run.settings)},
      {"time", list({labelled("from", e.started_utc), labelled("to", e.finished_utc)})},
      {"host", e.host},
      {"processor",
       list({e.cpu, labelled("microcode", e.microcode), labelled("governor", e.governor)})},
      {"CPUs",
       e.logical_cpus > 0 ? fmt::format("{} of {} usable", e.usable_cpus, e.logical_cpus) : ""},
      {"memory", e.memory_bytes > 0 ? format_grouped(e.memory_bytes) + " bytes" : ""},
      {"system", list({e.os, e.kernel, e.libc})},
      {"compiler", list({e.compiler, e.build_type, e.flags})},
      {"libraries", libraries(e)},
      {"warnings", fmt::format("{}", fmt::join(e.warnings, "; "))}};
  std::erase_if(lines, [](const auto& line) { return line.second.empty(); });
  return lines;
}

}  // namespace evalzip
