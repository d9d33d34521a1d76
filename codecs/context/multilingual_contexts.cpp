#include "codecs/context/multilingual_contexts.h"

#include <algorithm>
#include <array>

#include "codecs/context/code_points.h"
#include "codecs/context/text_state.h"

namespace evalzip {
namespace {

class MultilingualContexts final : public ContextSet {
 public:
  std::size_t number() const override { return 24; }

  void next_byte(const ByteHistory& history, Match match, ByteContexts& contexts) override {
    follow(history);
    for (std::size_t number = 1; number <= CodePoints::kMost; ++number) {
      contexts.add(points_.context(number));
    }
    contexts.add(history.last(2));
    contexts.add(history.last(3));
    add_words(contexts);
    add_layout(history, match, contexts);
    contexts.selectors = {
        history.last(1) | (points_.missing() > 0 ? 256u : 0u) | (points_.missing() > 1 ? 512u : 0u),
        kinds_ & 0x3ffu};
  }

 private:
  void follow(const ByteHistory& history) {
    text_.follow(history);
    points_.follow(history.last(1));
    if (points_.missing() > 0) return;
    const std::uint32_t character = points_.last();
    const Script script = script_of(character);
    kinds_ = kinds_ << 5 | (static_cast<std::uint32_t>(script) * 4 + kind_of(character)) % 32;
    if (script != script_ || script == Script::none) {
      if (word_ != 0) {
        words_ = {word_, words_[0]};
        endings_ = {combine(points_.last(1), points_.last(2)), endings_[0]};
      }
      word_ = 0;
      length_ = 0;
    }
    script_ = script;
    if (script == Script::none) return;
    word_ = combine(word_, small_letter(character));
    ++length_;
  }

  static std::uint32_t kind_of(std::uint32_t character) {
    if (character >= 128) return character < 0x3100 ? 1 : 2;
    return kKinds[character] & 3u;
  }

  void add_words(ByteContexts& contexts) const {
    const std::uint32_t part = points_.part();
    contexts.add(combine(word_, part));
    contexts.add(combine(word_, part, words_[0]));
    contexts.add(combine(combine(word_, part), words_[0], words_[1]));
    contexts.add(combine(word_, part, words_[1] + 77));
    contexts.add(combine(points_.context(1), words_[0]));
    contexts.add(combine(word_, part, text_.tag()));
    contexts.add(combine(endings_[0], points_.context(1), std::min(length_, 7u)));
    contexts.add(combine(endings_[0], endings_[1], points_.context(2)));
    contexts.add(combine(points_.context(1), std::min(length_, 15u), kinds_ >> 5 & 0x3ffu));
  }

  void add_layout(const ByteHistory& history, Match match, ByteContexts& contexts) const {
    const std::uint32_t last = history.last(1), part = points_.part();
    contexts.add(combine(points_.last(1), points_.last(2), part));
    contexts.add(combine(points_.last(0), points_.last(2), part + 1));
    contexts.add(combine(kinds_, part));
    contexts.add(combine(kinds_ & 0xfffffu, points_.context(1)));
    contexts.add(combine(text_.byte_above(history), last, part));
    contexts.add(combine(text_.first_in_line(), word_, part));
    contexts.add(combine(match.expected, last | (match.bucket > 15 ? 256u : 0u)));
  }

  TextState text_;
  CodePoints points_;
  Script script_ = Script::none;
  std::uint32_t kinds_ = 0;                 // of the last six characters, five bits each
  std::uint32_t word_ = 0;                  // so far
  std::uint32_t length_ = 0;                // its characters
  std::array<std::uint32_t, 2> words_{};    // the last whole words, the last one first
  std::array<std::uint32_t, 2> endings_{};  // the last two characters of each
};

}  // namespace

std::unique_ptr<ContextSet> multilingual_contexts() {
  return std::make_unique<MultilingualContexts>();
}

}  // namespace evalzip
