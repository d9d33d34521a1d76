// How long a round of a cell will take: for the time left on the progress line and for --budget.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace evalzip {

// How a round samples each direction.
struct RoundShape {
  unsigned samples = 0;
  double min_time_seconds = 0;
  double sampling_seconds = 0;
  double setup_multiple = 0;  // as in WorkerRequest
};

class CostModel {
 public:
  explicit CostModel(const RoundShape& shape) : shape_(shape) {}

  // From now on a round takes that many samples.
  void set_samples(unsigned samples) { shape_.samples = samples; }

  // A call on `bytes` bytes took this long. Later observations replace earlier ones.
  void observe(const std::string& codec, std::uint64_t bytes, double encode_seconds,
               double decode_seconds);

  // Seconds for a round of `codec` on `bytes` bytes, both directions, if calls take time in
  // proportion to bytes. Absent until the codec was observed.
  std::optional<double> round_seconds(const std::string& codec, std::uint64_t bytes) const;

 private:
  struct PerByte {
    double encode_seconds = 0, decode_seconds = 0;
  };
  double direction_seconds(double call_seconds, double setup_seconds) const;

  RoundShape shape_;
  std::map<std::string, PerByte> seen_;
};

}  // namespace evalzip
