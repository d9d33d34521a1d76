#include "harness/sampler.h"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <cmath>

namespace evalzip {
namespace {

// Google Benchmark hands its results to a reporter: this one keeps the last.
class LastRun final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.iterations == 0) continue;
      const auto calls = static_cast<double>(run.iterations);
      sample_ = {.seconds = run.real_accumulated_time / calls,
                 .cpu_seconds = run.cpu_accumulated_time / calls,
                 .calls = static_cast<std::uint64_t>(run.iterations)};
    }
  }

  const Sample& sample() const { return sample_; }

 private:
  Sample sample_;
};

// Of processes that this one started and waited for: of codecs that are programs.
double childrens_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Configure>
Sample run_benchmark(const std::function<bool()>& call, Configure configure) {
  auto* timed = benchmark::RegisterBenchmark("call", [&call](benchmark::State& state) {
    for (auto _ : state) {
      if (!call()) {
        state.SkipWithError("the call failed");
        break;
      }
    }
  });
  timed->UseRealTime()->MeasureProcessCPUTime()->Repetitions(1);
  configure(*timed);
  LastRun reporter;
  const double childrens = childrens_cpu_seconds();
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::ClearRegisteredBenchmarks();
  Sample sample = reporter.sample();
  if (sample.calls > 0) {
    sample.cpu_seconds += (childrens_cpu_seconds() - childrens) / static_cast<double>(sample.calls);
  }
  return sample;
}

}  // namespace

Sample sample_once(const std::function<bool()>& call, std::uint64_t calls) {
  return run_benchmark(call, [calls](auto& timed) {
    timed.Iterations(static_cast<benchmark::IterationCount>(calls));
  });
}

std::uint64_t calls_filling(const std::function<bool()>& call, double seconds) {
  // A tenth of the time is enough to know the rate; the margin keeps a slower hour from making a
  // sample too short.
  constexpr double kTrialShare = 0.1, kMargin = 1.1;
  std::uint64_t calls = 1;
  while (true) {
    const Sample trial = sample_once(call, calls);
    const double spent = trial.seconds * static_cast<double>(calls);
    if (trial.calls == 0 || spent >= seconds) return calls;
    if (spent >= seconds * kTrialShare) {
      return static_cast<std::uint64_t>(std::ceil(seconds * kMargin / trial.seconds));
    }
    calls *= spent > seconds * kTrialShare / 8 ? 4 : 16;
  }
}

}  // namespace evalzip
