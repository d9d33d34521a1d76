// How long steps (unpacking, hashing, downloading) tell about themselves and are stopped.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace evalzip {

struct ProgressStep {
  std::string what;    // "downloading silesia.zip", "unpacking dickens"
  std::string source;  // the mirror's URL, or the path of what is read
  std::uint64_t done_bytes = 0;
  std::optional<std::uint64_t> total_bytes;
  std::optional<double> bytes_per_second;  // of downloads: over the last seconds
};

// Both functions are called in the thread that called into corpora/. This class itself is silent.
class Progress {
 public:
  virtual ~Progress() = default;

  // Called at least every 4 MiB. False asks to stop: the step throws Cancelled, keeping what a
  // later call can go on from (a partial download) and removing the rest.
  virtual bool advance(const ProgressStep& step);

  // A sentence the user should see: a file skipped, a wrong file not used.
  virtual void note(const std::string& sentence);
};

// Progress::advance() answered false.
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("stopped as asked") {}
};

// Throws Cancelled when `progress` asks to stop.
void advance(Progress& progress, const ProgressStep& step);

}  // namespace evalzip
