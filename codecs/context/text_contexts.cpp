#include "codecs/context/text_contexts.h"

#include <algorithm>

namespace evalzip {
namespace {

// Kinds of bytes, in four bits.
enum : std::uint8_t {
  kOther,
  kLower,
  kUpper,
  kDigit,
  kBlank,
  kLineEnd,
  kStop,
  kComma,
  kBeyondAscii,
  kControl,
  kBracket,
  kQuote
};

constexpr std::array<std::uint8_t, 256> kKinds = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    kinds[byte] = byte >= 128 ? kBeyondAscii : byte < 32 ? kControl : kOther;
  }
  const auto mark = [&kinds](const char* bytes, std::uint8_t kind) {
    for (; *bytes != '\0'; ++bytes) kinds[static_cast<unsigned char>(*bytes)] = kind;
  };
  mark("abcdefghijklmnopqrstuvwxyz", kLower);
  mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ", kUpper);
  mark("0123456789", kDigit);
  mark(" ", kBlank);
  mark("\n\r", kLineEnd);
  mark(".!?", kStop);
  mark(",;:", kComma);
  mark("<>[]{}", kBracket);
  mark("()\"'", kQuote);
  return kinds;
}();

class TextContexts final : public ContextSet {
 public:
  std::size_t number() const override { return 18; }

  void next_byte(const ByteHistory& history, Match match, ByteContexts& contexts) override {
    follow(history);
    add_orders(history, contexts);
    add_words(history, contexts);
    add_layout(history, match, contexts);
    const std::uint32_t last = history.last(1);
    contexts.selectors = {std::min(column(history), 255u),
                          kKinds[last] * 16u + kKinds[history.last(2) >> 8]};
  }

 private:
  void follow(const ByteHistory& history) {
    const std::uint32_t byte = history.last(1);
    const std::uint8_t kind = kKinds[byte];
    kinds_ = kinds_ << 4 | kind;
    if (kind == kLower || kind == kUpper || kind == kBeyondAscii) {
      word_ = combine(word_, kind == kUpper ? byte + 32 : byte);
      ++word_length_;
    } else if (word_ != 0) {
      words_ = {word_, words_[0]};
      word_ = word_length_ = 0;
    }
    if (byte == '\n') {
      line_above_ = line_;
      line_ = history.position;
    } else if (history.position == line_ + 1) {
      first_in_line_ = byte;
    }
    if (byte == '<' || byte == '[') tag_ = 0;
    if (byte == '>') tag_ = words_[0];
  }

  static void add_orders(const ByteHistory& history, ByteContexts& contexts) {
    const auto before = static_cast<std::uint32_t>(history.recent >> 32);
    for (unsigned order = 2; order <= 4; ++order) contexts.add(history.last(order));
    contexts.add(combine(history.last(4), before & 0xffu));
    contexts.add(combine(history.last(4), before & 0xffffu));
  }

  void add_words(const ByteHistory& history, ByteContexts& contexts) const {
    const std::uint32_t last = history.last(1);
    contexts.add(combine(word_, last));
    contexts.add(combine(word_, words_[0]));
    contexts.add(combine(word_, words_[0], words_[1]));
    contexts.add(combine(word_, words_[1] + 77));
    contexts.add(combine(history.last(2), words_[0]));
    contexts.add(combine(word_, tag_));
  }

  void add_layout(const ByteHistory& history, Match match, ByteContexts& contexts) const {
    const std::uint32_t last = history.last(1);
    contexts.add(history.last(4) & 0xffff00u);
    contexts.add(combine(history.last(4) & 0xf0f0f0f0u,
                         static_cast<std::uint32_t>(history.recent >> 32) & 0xf0f0u));
    contexts.add(combine(kinds_, last));
    contexts.add(combine(kinds_, history.last(2)));
    contexts.add(combine(byte_above(history), last));
    contexts.add(combine(first_in_line_, word_, std::min(column(history), 255u)));
    contexts.add(combine(match.expected, last | (match.bucket > 15 ? 256u : 0u)));
  }

  std::uint32_t column(const ByteHistory& history) const {
    return static_cast<std::uint32_t>(history.position - line_);
  }

  // The byte in this column of the line before; 0 where that was shorter.
  std::uint32_t byte_above(const ByteHistory& history) const {
    const std::size_t place = line_above_ + (history.position - line_);
    return place < line_ ? history.bytes[place] : 0;
  }

  std::uint32_t kinds_ = 0;  // of the last eight bytes
  std::uint32_t word_ = 0, word_length_ = 0;
  std::array<std::uint32_t, 2> words_{};  // the last whole words, the last one first
  std::size_t line_ = 0, line_above_ = 0;
  std::uint32_t first_in_line_ = 0;
  std::uint32_t tag_ = 0;
};

}  // namespace

std::unique_ptr<ContextSet> text_contexts() { return std::make_unique<TextContexts>(); }

}  // namespace evalzip
