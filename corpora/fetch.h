// Downloads that resume, try mirrors in turn, and are never used half.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "corpora/progress.h"

namespace evalzip {

struct Download {
  std::string name;                  // for messages
  std::vector<std::string> mirrors;  // http(s) addresses, tried in order
  std::filesystem::path target;      // beside it, target.part holds what came so far
  std::optional<std::uint64_t> size;
  std::optional<std::string> sha256;
};

struct FetchLimits {
  long connect_seconds = 15;
  long stall_seconds = 30;  // so long below `stall_bytes_per_second` is a stall
  long stall_bytes_per_second = 1024;
  long redirects = 8;
  int fruitless_attempts = 3;            // in a row on one mirror, each without a new byte
  int attempts = 100;                    // on one mirror, all told
  std::chrono::milliseconds pause{500};  // before another attempt, doubled after fruitless ones
};

struct FetchFailure {
  std::string why;           // one sentence per mirror
  bool wrong_bytes = false;  // some mirror sent a whole file that is not the expected one
};

// Why a complete file is not accepted; absent if it is.
using Acceptance = std::function<std::optional<std::string>(const std::filesystem::path&)>;

// Proxies are taken from the environment as curl does (https_proxy, no_proxy, ...). One object per
// thread; it remembers hosts that cannot be reached, so that each costs its time-out only once.
class Fetcher {
 public:
  Fetcher(FetchLimits limits, Progress& progress) : limits_(limits), progress_(progress) {}

  // Leaves the checked file at download.target, or tells why not. A file of wrong size or hash, or
  // one that `accept` refuses, is removed and the next mirror tried. Throws CorpusError
  // (environment) when the disk does not take the bytes, and Cancelled; target.part then remains
  // for the next call to go on from.
  [[nodiscard]] std::optional<FetchFailure> fetch(const Download& download,
                                                  const Acceptance& accept);

 private:
  FetchLimits limits_;
  Progress& progress_;
  std::map<std::string, std::string> unreachable_;  // host and why
};

}  // namespace evalzip
