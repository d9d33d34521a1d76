// Platform file: most of it reads Linux's /proc and /sys; other systems fill in less.
#include "harness/environment.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "harness/build_info.h"
#include "harness/pin.h"

namespace evalzip {
namespace {

std::string first_line(const char* file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// The value of the first line "name : value" of a file.
std::string field(const char* file, const std::string& name, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t at = line.find(separator);
    if (at == line.npos) continue;
    if (line.substr(0, line.find_last_not_of(" \t", at - 1) + 1) != name) continue;
    const std::size_t value = line.find_first_not_of(" \t\"", at + 1);
    if (value == line.npos) return {};
    return line.substr(value, line.find_last_not_of(" \t\"") - value + 1);
  }
  return {};
}

// Arm names its cores by numbers: "aarch64 0x41/0xd0c".
std::string cpu_by_numbers(const std::string& machine) {
  const std::string implementer = field("/proc/cpuinfo", "CPU implementer", ':');
  const std::string part = field("/proc/cpuinfo", "CPU part", ':');
  return implementer.empty() ? machine : fmt::format("{} {}/{}", machine, implementer, part);
}

std::string libc_version() {
#ifdef __GLIBC__
  return std::string("glibc ") + gnu_get_libc_version();
#else
  return {};
#endif
}

std::uint64_t physical_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0
             ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
             : 0;
}

std::vector<std::string> timing_warnings(const Environment& environment) {
  std::vector<std::string> warnings;
  const BuildInfo build = build_info();
  if (build.assertions || build.sanitizers) {
    warnings.push_back(
        fmt::format("this is a {} build: speeds are not what users get; use the release preset",
                    build.sanitizers ? "sanitizer" : "debug"));
  }
  if (!environment.governor.empty() && environment.governor != "performance") {
    warnings.push_back(
        fmt::format("the CPU governor is {}: speeds will wander; try: sudo cpupower frequency-set "
                    "-g performance",
                    environment.governor));
  }
  if (double load[1] = {}; getloadavg(load, 1) == 1 && load[0] > environment.usable_cpus * 0.5) {
    warnings.push_back(
        fmt::format("the load average is {:.1f} on {} CPUs: other programs disturb the timings",
                    load[0], environment.usable_cpus));
  }
  return warnings;
}

}  // namespace

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

Environment this_environment(const Registry& registry) {
  Environment environment;
  const BuildInfo build = build_info();
  environment.evalzip_version = build.version;
  environment.commit = build.commit;
  environment.compiler = build.compiler;
  environment.flags = build.flags;
  environment.build_type = build.build_type;
  environment.started_utc = utc_now();
  utsname system{};
  if (uname(&system) == 0) {
    environment.host = system.nodename;
    environment.kernel = fmt::format("{} {}", system.sysname, system.release);
  }
  environment.os = field("/etc/os-release", "PRETTY_NAME", '=');
  environment.cpu = field("/proc/cpuinfo", "model name", ':');
  if (environment.cpu.empty()) environment.cpu = cpu_by_numbers(system.machine);
  environment.microcode = field("/proc/cpuinfo", "microcode", ':');
  environment.governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  environment.libc = libc_version();
  environment.logical_cpus = std::thread::hardware_concurrency();
  environment.usable_cpus = usable_cpus();
  environment.memory_bytes = physical_memory();
  for (const CodecInfo& codec : registry.all()) {
    environment.libraries.emplace_back(codec.name, codec.version);
  }
  environment.warnings = timing_warnings(environment);
  return environment;
}

}  // namespace evalzip
