#include "codecs/context/binary_contexts.h"

#include <algorithm>
#include <array>
#include <vector>

namespace evalzip {
namespace {

class BinaryContexts final : public ContextSet {
 public:
  BinaryContexts() : after_two_(std::size_t{1} << 16) {}

  std::size_t number() const override { return 25; }

  void begin(const Segment& segment, const ByteHistory& /*history*/) override {
    width_ = segment.width;
  }

  void next_byte(const ByteHistory& history, Match match, ByteContexts& contexts) override {
    follow(history);
    add_orders(history, contexts);
    add_sparse(history, contexts);
    add_columns(history, contexts);
    add_followers(history, match, contexts);
    const std::uint32_t above = width_ > 0 ? history.back(width_) : history.last(2) >> 8;
    const std::uint32_t column =
        width_ > 0 ? static_cast<std::uint32_t>(history.position % width_) : 0;
    contexts.selectors = {above, std::min(column, 1023u)};
  }

 private:
  void follow(const ByteHistory& history) {
    const std::uint32_t byte = history.last(1);
    const std::uint32_t before = history.last(2) >> 8;
    after_one_[before] = after_one_[before] << 8 | byte;
    std::uint32_t& after_two = after_two_[history.last(3) >> 8];
    after_two = after_two << 8 | byte;
    const bool letter = (byte | 32u) >= 'a' && (byte | 32u) <= 'z';
    word_ = letter ? combine(word_, byte | 32u) : 0;
  }

  static void add_orders(const ByteHistory& history, ByteContexts& contexts) {
    const auto before = static_cast<std::uint32_t>(history.recent >> 32);
    for (unsigned order = 1; order <= 4; ++order) contexts.add(history.last(order));
    contexts.add(combine(history.last(4), before & 0xffu));
    contexts.add(combine(history.last(4), before & 0xffffu));
  }

  static void add_sparse(const ByteHistory& history, ByteContexts& contexts) {
    const auto before = static_cast<std::uint32_t>(history.recent >> 32);
    for (const std::uint32_t mask :
         {0xff00u, 0xff0000u, 0xffff00u, 0xff00ffu, 0xff0000ffu, 0xffff0000u, 0xf0f0f0f0u}) {
      contexts.add(history.last(4) & mask);
    }
    contexts.add(combine(history.last(4) & 0xff000000u, before & 0xff000000u));
  }

  void add_columns(const ByteHistory& history, ByteContexts& contexts) const {
    const std::uint32_t width = width_ > 0 ? width_ : 4;
    const auto column = static_cast<std::uint32_t>(history.position % width);
    const std::uint32_t above = history.back(width), above_two = history.back(2 * width);
    const std::uint32_t above_left = history.back(width + 1), last = history.last(1);
    contexts.add(combine(column, above));
    contexts.add(combine(above, last));
    contexts.add(combine(above, above_two, column));
    contexts.add(combine(column, last));
    contexts.add(combine(above, last + above_left * 256, history.back(width - 1)));
    contexts.add(combine((last + above - above_left) & 0xffu, column % 4));
    contexts.add(combine(column, history.last(2), above));
  }

  void add_followers(const ByteHistory& history, Match match, ByteContexts& contexts) const {
    const std::uint32_t last = history.last(1);
    contexts.add(combine(after_one_[last] & 0xffffu, last));
    contexts.add(combine(after_two_[history.last(2)] & 0xffffu, history.last(2)));
    contexts.add(combine(word_, last));
    contexts.add(combine(match.expected, last | (match.bucket > 15 ? 256u : 0u)));
  }

  std::uint32_t width_ = 0;                     // of a record; 0 if there are none
  std::array<std::uint32_t, 256> after_one_{};  // the last four bytes that followed a byte
  std::vector<std::uint32_t> after_two_;        // the same for two bytes
  std::uint32_t word_ = 0;
};

}  // namespace

std::unique_ptr<ContextSet> binary_contexts() { return std::make_unique<BinaryContexts>(); }

}  // namespace evalzip
