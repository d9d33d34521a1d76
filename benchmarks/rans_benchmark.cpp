// Times the parts of the rANS coder with the kernels of each instruction set that this machine
// runs, on sources that are nearly uniform, text-like and skewed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "codecs/rans_stream.h"

namespace evalzip {
namespace {

constexpr std::size_t kSize = std::size_t{4} << 20;

// Numbers k of probability about (1 - p) p^k: themselves for order 0; for order 1 added to a
// multiple of the symbol before, which hides them from any model that does not look back.
std::vector<std::uint8_t> source(int order, double p) {
  std::mt19937_64 random(1);
  std::vector<std::uint8_t> bytes(kSize);
  int before = 0;
  for (std::uint8_t& byte : bytes) {
    const double uniform = (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
    const int k = static_cast<int>(std::min(255.0, std::log(uniform) / std::log(p)));
    before = order == 0 ? k : (k + 7 * before) % 96;
    byte = static_cast<std::uint8_t>(before);
  }
  return bytes;
}

void set_speed(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kSize));
}

// Tables are built as the planner builds them, once: what is timed is symbols alone.
RansBlock planned(const std::vector<std::uint8_t>& input, RansPlanner& planner) {
  planner.start();
  return planner.next(input).block;
}

void time_plan(benchmark::State& state, const RansOptions& options, double p) {
  const auto input = source(options.order, p);
  RansPlanner planner(options);
  for (auto _ : state) benchmark::DoNotOptimize(planned(input, planner));
  set_speed(state);
}

void time_encode(benchmark::State& state, const RansOptions& options, Isa isa, double p) {
  const auto input = source(options.order, p);
  RansPlanner planner(options);  // the block's rows live in it
  const RansBlock block = planned(input, planner);
  const std::span symbols(input.data(), block.size);
  RansSymbolCoder coder(rans_kernels(isa));
  for (auto _ : state) benchmark::DoNotOptimize(coder.encode(block, symbols));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * block.size));
}

void time_decode(benchmark::State& state, const RansOptions& options, Isa isa, double p) {
  const auto input = source(options.order, p);
  RansPlanner planner(options);  // the block's rows live in it
  const RansBlock block = planned(input, planner);
  RansSymbolCoder encoder(rans_kernels(isa)), decoder(rans_kernels(isa));
  const RansPayload payload = encoder.encode(block, std::span(input.data(), block.size));
  std::vector<std::uint8_t> output(block.size);
  for (auto _ : state) {
    if (!decoder.decode(block, payload, output)) state.SkipWithError("decode failed");
  }
  if (!std::equal(output.begin(), output.end(), input.begin())) {
    state.SkipWithError("the round trip failed");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * block.size));
}

void register_all() {
  for (const int order : {0, 1}) {
    const RansOptions options{.order = order};
    for (const double p : {0.98, 0.85, 0.1}) {
      const std::string suffix =
          "/order=" + std::to_string(order) + "/p=" + std::to_string(p).substr(0, 4);
      benchmark::RegisterBenchmark(("rans_plan" + suffix).c_str(), time_plan, options, p);
      for (const Isa isa : usable_isas()) {
        const std::string name = std::string(to_string(isa)) + suffix;
        benchmark::RegisterBenchmark(("rans_encode/" + name).c_str(), time_encode, options, isa, p);
        benchmark::RegisterBenchmark(("rans_decode/" + name).c_str(), time_decode, options, isa, p);
      }
    }
  }
}

}  // namespace
}  // namespace evalzip

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  evalzip::register_all();
  benchmark::RunSpecifiedBenchmarks();
}
