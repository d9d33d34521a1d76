#include "codecs/context/markup_contexts.h"

#include <algorithm>
#include <array>
#include <vector>

#include "codecs/context/nesting.h"
#include "codecs/context/text_state.h"

namespace evalzip {
namespace {

// Where fields of a name began the last time, and the byte there that corresponds to the next one.
class FieldsAbove {
 public:
  FieldsAbove() : places_(kPlaces) {}

  void begin(std::uint32_t name, std::size_t position) {
    std::size_t& place = places_[name % kPlaces];
    above_ = place;
    place = position;
    same_ = true;
  }
  // After each byte but the one that begins a field.
  void advance(const ByteHistory& history) {
    if (above_ == 0) return;
    same_ = same_ && history.bytes[above_] == history.last(1);
    ++above_;
  }
  // Whether the field has been what it was then.
  std::uint32_t same() const { return same_ ? 1 : 0; }

  // The byte there and the one behind it, or 0.
  std::uint32_t bytes(const ByteHistory& history) const {
    if (above_ == 0 || above_ + 1 >= history.position) return 0;
    return history.bytes[above_] + 256u * history.bytes[above_ + 1];
  }

 private:
  static constexpr std::size_t kPlaces = 4096;

  std::vector<std::size_t> places_;
  std::size_t above_ = 0;
  bool same_ = false;
};

class MarkupContexts final : public ContextSet {
 public:
  std::size_t number() const override { return 28; }

  void next_byte(const ByteHistory& history, Match match, ByteContexts& contexts) override {
    follow(history);
    add_orders(history, contexts);
    add_words(history, match, contexts);
    add_places(history, contexts);
    add_above(history, contexts);
    const std::uint32_t last = history.last(1);
    contexts.selectors = {
        std::min(text_.column(history), 255u) | above_.same() << 8 | token_above_.same() << 9,
        kKinds[last] * 16u + kKinds[history.last(2) >> 8]};
  }

 private:
  void follow(const ByteHistory& history) {
    text_.follow(history);
    nesting_.follow(history.last(1));
    above_.advance(history);
    token_above_.advance(history);
    if (history.last(1) == '\n') line_ = 0;
    if (nesting_.begins_token()) line_ = combine(line_, nesting_.token_before());
    if (nesting_.begins_field() || nesting_.key() != key_) {
      key_ = nesting_.key();
      above_.begin(combine(key_, nesting_.field()), history.position);
    }
    if (nesting_.begins_token()) {
      token_above_.begin(combine(nesting_.token(), key_), history.position);
    }
  }

  static void add_orders(const ByteHistory& history, ByteContexts& contexts) {
    const auto before = static_cast<std::uint32_t>(history.recent >> 32);
    for (unsigned order = 2; order <= 4; ++order) contexts.add(history.last(order));
    contexts.add(combine(history.last(4), before & 0xffu));
    contexts.add(combine(history.last(4), before & 0xffffu));
  }

  void add_words(const ByteHistory& history, Match match, ByteContexts& contexts) const {
    const std::uint32_t last = history.last(1);
    contexts.add(combine(text_.word(), last));
    contexts.add(combine(text_.word(), text_.word_before(0)));
    contexts.add(combine(text_.word(), text_.word_before(0), text_.word_before(1)));
    contexts.add(combine(text_.word(), text_.tag()));
    contexts.add(history.last(4) & 0xffff00u);
    contexts.add(combine(text_.kinds(), last));
    contexts.add(combine(text_.kinds(), history.last(2)));
    contexts.add(combine(text_.byte_above(history), last));
    contexts.add(combine(match.expected, last | (match.bucket > 15 ? 256u : 0u)));
  }

  void add_places(const ByteHistory& history, ByteContexts& contexts) const {
    const Nesting& n = nesting_;
    contexts.add(combine(n.key(), n.in_field()));
    contexts.add(combine(n.key(), n.in_token(), n.field()));
    contexts.add(combine(combine(n.parent(), n.key()), n.in_token(), n.token_before()));
    contexts.add(combine(n.field(), n.in_field()));
    contexts.add(combine(n.token(), n.in_token()));
    contexts.add(combine(n.field_before(), n.in_field()));
    contexts.add(combine(line_, n.in_token()));
    contexts.add(combine(combine(n.key(), n.depth()), history.last(2)));
  }

  void add_above(const ByteHistory& history, ByteContexts& contexts) const {
    const std::uint32_t last = history.last(1);
    const std::uint32_t above = above_.bytes(history), token = token_above_.bytes(history);
    const std::uint32_t same = above_.same(), token_same = token_above_.same();
    contexts.add(combine(above, last, same));
    contexts.add(combine(above & 0xffu, history.last(2), same));
    contexts.add(combine(above & 0xffu, nesting_.key(), nesting_.field() * 2 + same));
    contexts.add(combine(token, last, token_same));
    contexts.add(combine(token & 0xffu, history.last(2), token_same));
    contexts.add(combine(token & 0xffu, above & 0xffu,
                         (text_.kinds() & 0xfffu) * 4 + token_same * 2 + same));
  }

  TextState text_;
  Nesting nesting_;
  FieldsAbove above_, token_above_;
  std::uint32_t key_ = 0;
  std::uint32_t line_ = 0;  // its tokens so far
};

}  // namespace

std::unique_ptr<ContextSet> markup_contexts() { return std::make_unique<MarkupContexts>(); }

}  // namespace evalzip
