// Times the statistics and code lengths of `evalzip analyze`.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks/prose.h"
#include "bounds/ctw_bits.h"
#include "bounds/order_statistics.h"
#include "bounds/ppm_bits.h"

namespace evalzip {
namespace {

// The file that EVALZIP_BENCHMARK_FILE names, else prose.
const std::vector<std::byte>& document() {
  static const std::vector<std::byte> bytes = [] {
    const char* const name = std::getenv("EVALZIP_BENCHMARK_FILE");
    if (name == nullptr) return prose(10'000'000);
    std::ifstream file(name, std::ios::binary);
    if (!file) throw std::runtime_error(std::string("cannot read ") + name);
    const std::vector<char> text(std::istreambuf_iterator<char>(file), {});
    const Bytes all = std::as_bytes(std::span(text));
    return std::vector<std::byte>(all.begin(), all.end());
  }();
  return bytes;
}

void set_speed(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

// All orders up to the argument.
void time_orders(benchmark::State& state) {
  const StatisticsSettings settings{.highest_order = static_cast<unsigned>(state.range(0)),
                                    .threads = static_cast<unsigned>(state.range(1))};
  for (auto _ : state) benchmark::DoNotOptimize(order_statistics(document(), settings));
  set_speed(state, document().size());
}

void time_ctw(benchmark::State& state) {
  const Bytes part = Bytes(document()).first(std::min<std::size_t>(document().size(), 1'000'000));
  for (auto _ : state) {
    benchmark::DoNotOptimize(ctw_bits(part, {.depth = static_cast<unsigned>(state.range(0))}));
  }
  set_speed(state, part.size());
}

void time_ppm(benchmark::State& state) {
  const Bytes part = Bytes(document()).first(std::min<std::size_t>(document().size(), 1'000'000));
  for (auto _ : state) {
    benchmark::DoNotOptimize(ppm_bits(part, static_cast<unsigned>(state.range(0))));
  }
  set_speed(state, part.size());
}

BENCHMARK(time_orders)
    ->Name("orders")
    ->ArgNames({"highest", "threads"})
    ->Args({0, 1})
    ->Args({1, 1})
    ->Args({2, 1})
    ->Args({5, 1})
    ->Args({5, 2})
    ->UseRealTime();
BENCHMARK(time_ctw)->Name("ctw")->ArgName("depth")->Arg(6)->Arg(16);
BENCHMARK(time_ppm)->Name("ppm")->ArgName("order")->Arg(3)->Arg(5);

}  // namespace
}  // namespace evalzip

BENCHMARK_MAIN();
