// Times the context mixer, its levels on text-like bytes, and the mixer's kernels.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "benchmarks/prose.h"
#include "codecs/cm_stream.h"
#include "codecs/context/mixer_kernels.h"

namespace evalzip {
namespace {

void time_encode(benchmark::State& state) {
  const auto input = prose(1'000'000);
  ContextMixingCoder coder(static_cast<unsigned>(state.range(0)), preferred_isa());
  std::vector<std::byte> encoded(ContextMixingCoder::bound(input.size()));
  for (auto _ : state) {
    const auto size = coder.encode(input, encoded);
    if (!size) return state.SkipWithError("encode failed");
    state.counters["bytes"] = static_cast<double>(size.value());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * input.size()));
}

void time_decode(benchmark::State& state) {
  const auto input = prose(1'000'000);
  ContextMixingCoder coder(static_cast<unsigned>(state.range(0)), preferred_isa());
  std::vector<std::byte> encoded(ContextMixingCoder::bound(input.size())), output(input.size());
  const auto size = coder.encode(input, encoded);
  if (!size) return state.SkipWithError("encode failed");
  encoded.resize(size.value());
  for (auto _ : state) {
    if (!coder.decode(encoded, output)) return state.SkipWithError("decode failed");
  }
  if (output != input) state.SkipWithError("the round trip failed");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * input.size()));
}

BENCHMARK(time_encode)->Name("cm_encode")->Arg(1)->Arg(2)->Arg(3)->Arg(4)->Arg(6)->Arg(9);
BENCHMARK(time_decode)->Name("cm_decode")->Arg(1)->Arg(2)->Arg(3)->Arg(4)->Arg(6)->Arg(9);

// One bit of the strong model: six rows of 48 weights, mixed and trained.
void time_mixing(benchmark::State& state, Isa isa) {
  alignas(64) std::array<std::int32_t, 48> inputs{};
  alignas(64) std::array<std::array<std::int32_t, 48>, 6> weights{};
  std::array<std::int32_t, 6> sums{};
  MixerRows rows{.inputs = inputs.data(), .width = 48, .rows = 6, .weights = {}};
  for (std::size_t r = 0; r < 6; ++r) rows.weights[r] = weights[r].data();
  inputs.fill(100 << 16);
  const MixerKernels kernels = mixer_kernels(isa);
  for (auto _ : state) {
    kernels.dot(rows, sums.data());
    benchmark::DoNotOptimize(sums);
    kernels.train(rows, sums.data());
  }
}

void register_kernels() {
  for (const Isa isa : usable_isas()) {
    const std::string name = "mixing/" + std::string(to_string(isa));
    benchmark::RegisterBenchmark(name.c_str(), time_mixing, isa);
  }
}

}  // namespace
}  // namespace evalzip

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  evalzip::register_kernels();
  benchmark::RunSpecifiedBenchmarks();
}
