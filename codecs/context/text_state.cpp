#include "codecs/context/text_state.h"

#include "codecs/context/context_hash.h"

namespace evalzip {

void TextState::follow(const ByteHistory& history) {
  const std::uint32_t byte = history.last(1);
  const std::uint8_t kind = kKinds[byte];
  kinds_ = kinds_ << 4 | kind;
  if (kind == kLower || kind == kUpper || kind == kBeyondAscii) {
    word_ = combine(word_, kind == kUpper ? byte + 32 : byte);
  } else if (word_ != 0) {
    words_ = {word_, words_[0]};
    word_ = 0;
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

}  // namespace evalzip
