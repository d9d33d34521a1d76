#include "harness/paired_runner.h"

#include "harness/merge.h"
#include "harness/thue_morse.h"

namespace evalzip {
namespace {

using Clock = std::chrono::steady_clock;

// Sampling ends by the number of samples, never by the clock: both sides get the same.
constexpr double kWithoutEnd = 1e9;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

PairedRunner::PairedRunner(const PairedSides& sides, const PairedSettings& settings,
                           std::function<bool()> interrupted)
    : settings_(settings),
      base_(sides.base),
      head_(sides.head),
      base_runner_(sides.base, sides.base_process, interrupted),
      head_runner_(sides.head, sides.head_process, interrupted) {}

std::optional<PairedRecords> PairedRunner::run(std::size_t index) {
  PairedRecords records{blank_record(base_, base_.cells[index]),
                        blank_record(head_, head_.cells[index])};
  const auto start = Clock::now();
  for (std::size_t turn = 0; turn < 2 * std::size_t{settings_.samples}; ++turn) {
    const auto round = static_cast<unsigned>(turn / 2);
    const bool pair_done = turn % 2 == 0;
    if (pair_done && round >= settings_.long_samples &&
        seconds_since(start) > settings_.long_seconds * 2) {
      break;
    }
    const bool is_base = thue_morse(turn) == Side::base;
    Record& record = is_base ? records.base : records.head;
    const auto result =
        (is_base ? base_runner_ : head_runner_)
            .run((is_base ? base_ : head_).cells[index], {.round = round,
                                                          .samples = 1,
                                                          .sampling_seconds = kWithoutEnd,
                                                          .timeout = settings_.timeout});
    if (!result) return std::nullopt;
    merge_round(record, result->record);
    if (record.outcome != Outcome::ok) break;
  }
  return records;
}

}  // namespace evalzip
