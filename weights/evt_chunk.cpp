#include "weights/evt_chunk.h"

#include "codecs/tensors/number_difference.h"

namespace evalzip {
namespace {

enum class Of : std::uint8_t { numbers = 0, differences = 1 };

TensorLayout layout_of_differences(const TensorLayout& layout) {
  return {.format = difference_format(layout.numbers()), .columns = 0};
}

}  // namespace

void EvtChunkCoder::encode(const TensorLayout& layout, Bytes raw, Bytes base,
                           std::vector<std::byte>& payload) {
  coder_.encode(layout, raw, coded_);
  payload.assign(1, static_cast<std::byte>(Of::numbers));
  if (!base.empty() && has_differences(layout.numbers())) {
    std::vector<std::byte> of_differences;
    differences_.resize(raw.size());
    take_differences(layout.numbers(), raw, base, differences_);
    coder_.encode(layout_of_differences(layout), differences_, of_differences);
    if (of_differences.size() < coded_.size()) {
      payload[0] = static_cast<std::byte>(Of::differences);
      coded_.swap(of_differences);
    }
  }
  payload.insert(payload.end(), coded_.begin(), coded_.end());
}

bool EvtChunkCoder::needs_base(Bytes payload) {
  return !payload.empty() && payload[0] == static_cast<std::byte>(Of::differences);
}

bool EvtChunkCoder::decode(const TensorLayout& layout, Bytes payload, Bytes base,
                           MutableBytes raw) {
  if (payload.empty()) return false;
  const Bytes coded = payload.subspan(1);
  if (!needs_base(payload)) {
    return payload[0] == static_cast<std::byte>(Of::numbers) && coder_.decode(layout, coded, raw);
  }
  if (!has_differences(layout.numbers()) || base.size() != raw.size()) return false;
  differences_.resize(raw.size());
  if (!coder_.decode(layout_of_differences(layout), coded, differences_)) return false;
  add_differences(layout.numbers(), differences_, base, raw);
  return true;
}

}  // namespace evalzip
