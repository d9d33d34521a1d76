#include "codecs/context/text_contexts.h"

#include <algorithm>

#include "codecs/context/text_state.h"

namespace evalzip {
namespace {

class TextContexts final : public ContextSet {
 public:
  std::size_t number() const override { return 18; }

  void next_byte(const ByteHistory& history, Match match, ByteContexts& contexts) override {
    text_.follow(history);
    add_orders(history, contexts);
    add_words(history, contexts);
    add_layout(history, match, contexts);
    const std::uint32_t last = history.last(1);
    contexts.selectors = {std::min(text_.column(history), 255u),
                          kKinds[last] * 16u + kKinds[history.last(2) >> 8]};
  }

 private:
  static void add_orders(const ByteHistory& history, ByteContexts& contexts) {
    const auto before = static_cast<std::uint32_t>(history.recent >> 32);
    for (unsigned order = 2; order <= 4; ++order) contexts.add(history.last(order));
    contexts.add(combine(history.last(4), before & 0xffu));
    contexts.add(combine(history.last(4), before & 0xffffu));
  }

  void add_words(const ByteHistory& history, ByteContexts& contexts) const {
    const std::uint32_t last = history.last(1);
    contexts.add(combine(text_.word(), last));
    contexts.add(combine(text_.word(), text_.word_before(0)));
    contexts.add(combine(text_.word(), text_.word_before(0), text_.word_before(1)));
    contexts.add(combine(text_.word(), text_.word_before(1) + 77));
    contexts.add(combine(history.last(2), text_.word_before(0)));
    contexts.add(combine(text_.word(), text_.tag()));
  }

  void add_layout(const ByteHistory& history, Match match, ByteContexts& contexts) const {
    const std::uint32_t last = history.last(1);
    contexts.add(history.last(4) & 0xffff00u);
    contexts.add(combine(history.last(4) & 0xf0f0f0f0u,
                         static_cast<std::uint32_t>(history.recent >> 32) & 0xf0f0u));
    contexts.add(combine(text_.kinds(), last));
    contexts.add(combine(text_.kinds(), history.last(2)));
    contexts.add(combine(text_.byte_above(history), last));
    contexts.add(
        combine(text_.first_in_line(), text_.word(), std::min(text_.column(history), 255u)));
    contexts.add(combine(match.expected, last | (match.bucket > 15 ? 256u : 0u)));
  }

  TextState text_;
};

}  // namespace

std::unique_ptr<ContextSet> text_contexts() { return std::make_unique<TextContexts>(); }

}  // namespace evalzip
