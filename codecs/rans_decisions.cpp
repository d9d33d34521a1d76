#include "codecs/rans_decisions.h"

namespace evalzip {

void DecisionWriter::finish(std::vector<std::uint8_t>& output) {
  const std::size_t room = 2 * intervals_.size() + 2;
  if (words_.size() < room) words_.resize(room);
  std::uint8_t* const end = words_.data() + words_.size();
  RansWordWriter writer(end);
  std::uint32_t x = kRansLowest;
  for (auto packed = intervals_.rbegin(); packed != intervals_.rend(); ++packed) {
    const RansInterval interval{*packed >> 16, *packed & 0xffff};
    rans_push(x, interval, rans_reciprocal(interval.width, kDecisionBits), kDecisionBits, writer);
  }
  intervals_.clear();
  for (int shift = 0; shift < 32; shift += 8)
    output.push_back(static_cast<std::uint8_t>(x >> shift));
  output.insert(output.end(), writer.at(), end);
}

DecisionReader::DecisionReader(std::span<const std::uint8_t> input)
    : words_(input.data() + (input.size() < 4 ? input.size() : 4), input.data() + input.size()) {
  if (input.size() < 4) return;
  x_ = rans_word(input.data()) | rans_word(input.data() + 2) << 16;
  if (x_ < kRansLowest) x_ = kRansLowest;  // a state no writer leaves: popped as if it were valid
}

}  // namespace evalzip
