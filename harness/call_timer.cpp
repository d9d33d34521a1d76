#include "harness/call_timer.h"

#include <chrono>

#include "harness/stopped.h"

namespace evalzip {
Sample CallTimer::timed(const std::function<Sample(const std::function<bool()>&)>& take) {
  // Google Benchmark cannot carry an exception or a fault, so both wait here until it is done.
  std::exception_ptr thrown;
  std::optional<Fault> fault;
  const auto guarded = [&] {
    if (fault || thrown) return false;  // once is enough, even if it would succeed the next time
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
  if (plan.wanted == 0) return samples;
  double spent = 0;
  std::uint64_t calls = first_.seconds >= plan.min_time_seconds ? 1 : 0;  // of a sample; 0: unknown
  const auto add = [&](const Sample& sample) {
    samples.push_back(sample);
    spent += sample.seconds * static_cast<double>(sample.calls);
  };
  if (first_.seconds >= kLongCallSeconds) add(first_);
  const auto enough = [&] { return samples.size() >= plan.wanted && spent >= plan.least_seconds; };
  while (samples.empty() || (!enough() && spent < plan.most_seconds)) {
    add(timed([&](const auto& call) {
      if (calls == 0) calls = calls_filling(call, plan.min_time_seconds);
      return sample_once(call, calls);
    }));
  }
  return samples;
}

}  // namespace evalzip
