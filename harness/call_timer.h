// The timed calls of one worker: a first, checked one, then samples.
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <vector>

#include "codecs/codec.h"
#include "harness/sampler.h"

namespace evalzip {

// Sampling ends when `wanted` samples have been taken and `least_seconds` spent on them, or when
// `most_seconds` have been spent; one sample is always taken unless `wanted` is 0.
struct SamplingPlan {
  unsigned wanted = 0;
  double min_time_seconds = 0;
  double least_seconds = 0, most_seconds = 0;
};

// The first call of a process pays for cold caches and memory touched for the first time: some
// milliseconds. It is a warm-up and no sample, unless it takes so long that this is below a
// percent.
inline constexpr double kLongCallSeconds = 1.0;

class CallTimer {
 public:
  explicit CallTimer(std::function<std::optional<Fault>()> call) : call_(std::move(call)) {}

  // One call, for checking. Throws Stopped on a fault; rethrows what the codec threw.
  void first_call();
  double first_call_seconds() const { return first_.seconds; }

  // Takes the samples; throws as first_call does. The first call is itself a sample if it took so
  // long that warming up cannot matter.
  std::vector<Sample> samples(const SamplingPlan& plan);

  std::uint64_t calls() const { return calls_; }

  // Wall time spent in calls so far, samples or not.
  double codec_seconds() const { return codec_seconds_; }

 private:
  Sample timed(const std::function<Sample(const std::function<bool()>&)>& take);

  std::function<std::optional<Fault>()> call_;
  Sample first_;
  double codec_seconds_ = 0;
  std::uint64_t calls_ = 0;
};

}  // namespace evalzip
