// Timing of a call by Google Benchmark, one sample at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace evalzip {

// Seconds per call, averaged over `calls` calls.
struct Sample {
  double seconds = 0;      // wall
  double cpu_seconds = 0;  // of the process and its children: a codec's threads count
  std::uint64_t calls = 0;
};

// Runs `call` repeatedly and times it. A call that returns false ends the sample, which is then
// invalid: the caller must look at its own record of the failure. Not thread-safe: Google Benchmark
// keeps its list of benchmarks in a global.
Sample sample_once(const std::function<bool()>& call, std::uint64_t calls);

// How many calls, at least one, a sample of `seconds` needs: found by trying, with some calls that
// take about a fifth of that time and should follow a first one, so that caches are warm. (Google
// Benchmark's own search takes as long as the sample itself.)
std::uint64_t calls_filling(const std::function<bool()>& call, double seconds);

}  // namespace evalzip
