#include "harness/cost_model.h"

#include <algorithm>

#include "harness/call_timer.h"

namespace evalzip {
namespace {

// Starting a worker; reading, hashing and comparing the document. Measured on an ordinary machine.
constexpr double kStartSeconds = 0.012, kSetupSecondsPerByte = 4e-9;
// Finding out how many calls fill a sample costs this share of a sample.
constexpr double kCalibrationShare = 0.2;

}  // namespace

void CostModel::observe(const std::string& codec, std::uint64_t bytes, double encode_seconds,
                        double decode_seconds) {
  if (bytes == 0) return;
  const auto n = static_cast<double>(bytes);
  seen_[codec] = {.encode_seconds = encode_seconds / n, .decode_seconds = decode_seconds / n};
}

double CostModel::direction_seconds(double call_seconds, double setup_seconds) const {
  if (shape_.samples == 0) return setup_seconds + call_seconds;
  const double sample = std::max(call_seconds, shape_.min_time_seconds);
  const bool long_call = call_seconds >= kLongCallSeconds;
  const double wanted = std::max(sample * (shape_.samples - (long_call ? 1 : 0)),
                                 shape_.setup_multiple * setup_seconds);
  const double capped =
      std::min(wanted, std::max(shape_.sampling_seconds - call_seconds, 0.0) + sample);
  const double search = call_seconds < shape_.min_time_seconds ? kCalibrationShare * sample : 0;
  return setup_seconds + call_seconds + search +
         (long_call && call_seconds >= shape_.sampling_seconds ? 0 : capped);
}

std::optional<double> CostModel::round_seconds(const std::string& codec,
                                               std::uint64_t bytes) const {
  const auto it = seen_.find(codec);
  if (it == seen_.end()) return std::nullopt;
  const auto n = static_cast<double>(bytes);
  const double setup = kStartSeconds + n * kSetupSecondsPerByte;
  return direction_seconds(it->second.encode_seconds * n, setup) +
         direction_seconds(it->second.decode_seconds * n, setup);
}

}  // namespace evalzip
