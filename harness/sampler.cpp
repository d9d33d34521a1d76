#include "harness/sampler.h"

#include <benchmark/benchmark.h>

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
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::ClearRegisteredBenchmarks();
  return reporter.sample();
}

}  // namespace

Sample sample_once(const std::function<bool()>& call, std::uint64_t calls) {
  return run_benchmark(call, [calls](auto& timed) {
    timed.Iterations(static_cast<benchmark::IterationCount>(calls));
  });
}

Sample sample_for(const std::function<bool()>& call, double min_time_seconds) {
  return run_benchmark(call, [min_time_seconds](auto& timed) { timed.MinTime(min_time_seconds); });
}

}  // namespace evalzip
