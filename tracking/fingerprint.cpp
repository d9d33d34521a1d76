#include "tracking/fingerprint.h"

#include <cctype>

#include <fmt/format.h>

namespace evalzip {
namespace {

std::string word(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
    out += plain ? c : '_';
  }
  return out.empty() ? "unknown" : out;
}

}  // namespace

std::string toolchain_key(const Environment& environment) {
  return fmt::format("{},{},{},{},{}", word(environment.compiler), word(environment.libc),
                     word(environment.flags), word(environment.build_type),
                     word(environment.instruction_set.value_or("")));
}

std::string machine_difference(const Environment& a, const Environment& b) {
  const struct {
    const char* name;
    std::string a, b;
  } facts[] = {{"CPU", a.cpu, b.cpu},
               {"microcode", a.microcode, b.microcode},
               {"kernel", a.kernel, b.kernel},
               {"governor", a.governor, b.governor},
               {"libc", a.libc, b.libc},
               {"number of CPUs", std::to_string(a.logical_cpus), std::to_string(b.logical_cpus)},
               {"host", a.host, b.host}};
  for (const auto& fact : facts) {
    if (fact.a != fact.b) return fmt::format("{}: {} and {}", fact.name, fact.a, fact.b);
  }
  return {};
}

}  // namespace evalzip
