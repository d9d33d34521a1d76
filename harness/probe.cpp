#include "harness/probe.h"

#include <algorithm>

#include "harness/cell_runner.h"

namespace evalzip {
namespace {

constexpr std::uint64_t kSliceBytes = 512 << 10;
constexpr std::uint64_t kWorthProbingBytes = 4 << 20;
// Slices flatter a codec: they fit into caches and windows that whole documents do not.
constexpr double kOptimism = 1.3;

}  // namespace

bool observe_speeds(const Plan& plan, const RunControl& control, double seconds, CostModel& costs) {
  if (plan.total_bytes() < kWorthProbingBytes) return true;
  const auto largest = std::ranges::max_element(
      plan.documents, {}, [](const PlannedDocument& document) { return document.size; });
  Settings settings = plan.settings;
  settings.sample_bytes = kSliceBytes;
  const Corpus corpus{.name = largest->corpus, .documents = {largest->document}};
  const Plan probes = make_plan(plan.codecs, {corpus}, settings);
  CellRunner runner(probes, control.process, control.interrupted);
  for (const Cell& cell : probes.cells) {
    const std::string codec = probes.codecs[cell.codec].canonical();
    control.observer.estimating(codec);
    const auto result =
        runner.run(cell, {.timeout = std::chrono::duration<double>(std::max(seconds, 1.0))});
    if (!result) return false;
    if (result->record.outcome != Outcome::ok) continue;
    const auto& first = runner.first_calls();
    costs.observe(codec, result->record.original_bytes, first.encode_seconds * kOptimism,
                  first.decode_seconds * kOptimism);
  }
  return true;
}

}  // namespace evalzip
