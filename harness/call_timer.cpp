#include "harness/call_timer.h"

#include <chrono>

#include "harness/stopped.h"

namespace evalzip {
namespace {

// The first call of a process pays for cold caches and memory touched for the first time: some
// milliseconds. It is a warm-up and no sample, unless it takes so long that this is below a
// percent.
constexpr double kLongCallSeconds = 1.0;

}  // namespace

Sample CallTimer::timed(const std::function<Sample(const std::function<bool()>&)>& take) {
  // Google Benchmark cannot carry an exception or a fault, so both wait here until it is done.
  std::exception_ptr thrown;
  std::optional<Fault> fault;
  const auto guarded = [&] {
    try {
      ++calls_;
      fault = call_();
    } catch (...) {
      thrown = std::current_exception();
    }
    return !fault && !thrown;
  };
  const auto start = std::chrono::steady_clock::now();
  const Sample sample = take(guarded);
  codec_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (thrown) std::rethrow_exception(thrown);
  if (fault) throw Stopped{Outcome::fault, std::string(to_string(*fault))};
  return sample;
}

void CallTimer::first_call() {
  first_ = timed([](const auto& call) { return sample_once(call, 1); });
}

std::vector<Sample> CallTimer::samples(const SamplingPlan& plan) {
  std::vector<Sample> samples;
  if (plan.most == 0) return samples;
  double spent = 0;
  const auto add = [&](const Sample& sample) {
    samples.push_back(sample);
    spent += sample.seconds * static_cast<double>(sample.calls);
  };
  if (first_.seconds >= kLongCallSeconds) add(first_);
  while (samples.size() < plan.most && (samples.empty() || spent < plan.seconds)) {
    add(timed([&](const auto& call) {
      return samples.empty() ? sample_for(call, plan.min_time_seconds)
                             : sample_once(call, samples.back().calls);
    }));
  }
  return samples;
}

}  // namespace evalzip
