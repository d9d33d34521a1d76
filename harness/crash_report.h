// Says where a worker crashed, from inside the crash.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evalzip {

// From now on a crash of the calling thread by a memory access writes the line "#address HEX" to
// the reply descriptor before the process dies of its signal as it would have.
class CrashReport {
 public:
  CrashReport();

 private:
  std::vector<char> stack_;  // the handler's own: the crash may be a stack overflow
};

// Announces what an address range is, for explain_crash(): writes "#region HEX HEX name".
void announce_region(std::span<const std::byte> region, std::string_view name);

// Announces what the worker is about to do: writes "#stage name".
void announce_stage(std::string_view name);

// The words for a person: from the announcements that a dead worker left.
std::string explain_crash(int signal, std::string_view announcements);

}  // namespace evalzip
