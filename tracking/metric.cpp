#include "tracking/metric.h"

#include <algorithm>
#include <array>

#include "harness/statistics.h"

namespace evalzip {
namespace {

constexpr double kInstructionThreshold = 0.01;  // room for an update of libc; noise is 1e-7
constexpr double kMemoryThreshold = 0.05, kLeastMemory = 1 << 20;
constexpr double kTimeThreshold = 0.05;
// A sum of logarithms: the last digits depend on the mathematics library.
constexpr double kIdealBitsThreshold = 1e-9;

std::optional<double> number(const std::optional<std::uint64_t>& count) {
  if (!count) return std::nullopt;
  return static_cast<double>(*count);
}

std::optional<double> median_time(const std::vector<double>& samples) {
  if (samples.empty()) return std::nullopt;
  return median(samples);
}

std::vector<double> chosen_times(const Record& record, const std::vector<double>& wall,
                                 const std::vector<double>& cpu) {
  const bool by_cpu = record.threads == 1 && cpu.size() == wall.size() &&
                      std::ranges::all_of(cpu, [](double seconds) { return seconds > 0; });
  return by_cpu ? cpu : wall;
}

constexpr std::array kMetrics{
    Metric{.name = "encoded_bytes",
           .unit = "bytes",
           .meaning = "size of the encoding",
           .value = [](const Record& r) { return number(r.encoded_bytes); }},
    Metric{.name = "model_bytes",
           .unit = "bytes",
           .meaning = "weights that the decoder needs beside it",
           .value = [](const Record& r) { return number(r.model_bytes); }},
    Metric{.name = "ideal_bits",
           .unit = "bits",
           .meaning = "code length under the codec's own model",
           .threshold = kIdealBitsThreshold,
           .value = [](const Record& r) { return r.ideal_bits; }},
    Metric{.name = "encode_instructions",
           .unit = "instructions",
           .meaning = "executed by one call of the encoder",
           .comparable = Comparable::same_toolchain,
           .threshold = kInstructionThreshold,
           .value = [](const Record& r) { return number(r.encode_instructions); }},
    Metric{.name = "decode_instructions",
           .unit = "instructions",
           .meaning = "executed by one call of the decoder",
           .comparable = Comparable::same_toolchain,
           .threshold = kInstructionThreshold,
           .value = [](const Record& r) { return number(r.decode_instructions); }},
    Metric{.name = "encode_peak_bytes",
           .unit = "bytes",
           .meaning = "peak memory of the encoder beside its buffers",
           .comparable = Comparable::same_toolchain,
           .threshold = kMemoryThreshold,
           .least_change = kLeastMemory,
           .value = [](const Record& r) { return number(r.encode_peak_bytes); }},
    Metric{.name = "decode_peak_bytes",
           .unit = "bytes",
           .meaning = "peak memory of the decoder beside its buffers",
           .comparable = Comparable::same_toolchain,
           .threshold = kMemoryThreshold,
           .least_change = kLeastMemory,
           .value = [](const Record& r) { return number(r.decode_peak_bytes); }},
    Metric{.name = "encode_seconds",
           .unit = "seconds",
           .meaning = "median time of a call of the encoder",
           .comparable = Comparable::same_job,
           .deterministic = false,
           .threshold = kTimeThreshold,
           .value = [](const Record& r) { return median_time(encode_times(r)); },
           .samples = encode_times},
    Metric{.name = "decode_seconds",
           .unit = "seconds",
           .meaning = "median time of a call of the decoder",
           .comparable = Comparable::same_job,
           .deterministic = false,
           .threshold = kTimeThreshold,
           .value = [](const Record& r) { return median_time(decode_times(r)); },
           .samples = decode_times},
};

}  // namespace

std::span<const Metric> all_metrics() { return kMetrics; }

const Metric* find_metric(std::string_view name) {
  const auto found = std::ranges::find(kMetrics, name, &Metric::name);
  return found == kMetrics.end() ? nullptr : &*found;
}

std::vector<double> encode_times(const Record& record) {
  return chosen_times(record, record.encode_seconds, record.encode_cpu_seconds);
}

std::vector<double> decode_times(const Record& record) {
  return chosen_times(record, record.decode_seconds, record.decode_cpu_seconds);
}

}  // namespace evalzip
