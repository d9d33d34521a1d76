#include "harness/crash_report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <sstream>

#include "harness/worker_protocol.h"

namespace evalzip {
namespace {

constexpr std::size_t kHandlerStackBytes = 64 << 10;

void write_line(std::string_view line) {
  // A worker whose parent is gone dies with it: nobody is left to be told of a failed write.
  if (write(kReplyDescriptor, line.data(), line.size()) < 0) return;
}

// Runs inside the crash: only async-signal-safe calls.
void report_address(int, siginfo_t* info, void*) {
  std::array<char, 32> line{'#', 'a', 'd', 'd', 'r', 'e', 's', 's', ' '};
  constexpr std::size_t kPrefix = 9;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  char* end = std::to_chars(line.data() + kPrefix, line.data() + line.size() - 1, address, 16).ptr;
  *end++ = '\n';
  write_line({line.data(), end});
  // The handler is one-shot: returning repeats the access, which now kills the process.
}

std::string signal_name(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGABRT:
      return "SIGABRT";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    case SIGKILL:
      return "SIGKILL";
    default:
      return fmt::format("signal {} ({})", signal, strsignal(signal));
  }
}

}  // namespace

CrashReport::CrashReport() : stack_(kHandlerStackBytes) {
  stack_t stack{};
  stack.ss_sp = stack_.data();
  stack.ss_size = stack_.size();
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = report_address;
  action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND);
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

void announce_region(std::span<const std::byte> region, std::string_view name) {
  const auto begin = reinterpret_cast<std::uintptr_t>(region.data());
  write_line(fmt::format("#region {:x} {:x} {}\n", begin, begin + region.size(), name));
}

void announce_stage(std::string_view name) { write_line(fmt::format("#stage {}\n", name)); }

std::string explain_crash(int signal, std::string_view announcements) {
  struct Region {
    std::uintptr_t begin, end;
    std::string name;
  };
  std::vector<Region> regions;
  std::string stage, where;
  std::istringstream lines{std::string(announcements)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind >> std::ws;
    if (kind == "#stage") std::getline(words, stage);
    if (kind == "#region") {
      Region region{};
      words >> std::hex >> region.begin >> region.end >> std::ws;
      std::getline(words, region.name);
      regions.push_back(region);
    }
    std::uintptr_t address = 0;
    if (kind == "#address" && words >> std::hex >> address) {
      for (const Region& region : regions) {
        if (address >= region.begin && address < region.end) where = region.name;
      }
    }
  }
  std::string words = signal_name(signal);
  if (!stage.empty()) words += " while " + stage;
  if (!where.empty()) words += ": it touched " + where;
  return words;
}

}  // namespace evalzip
