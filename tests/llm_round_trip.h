// A language-model stream there and back, as several tests ask for it.
#pragma once

#include <gtest/gtest.h>

#include "codecs/llm/llm_stream.h"
#include "tests/nasty_inputs.h"

namespace evalzip {

inline Input encode(LlmStream& stream, const Input& text) {
  Input room(LlmStream::bound(text.size()));
  const Result<std::size_t> size = stream.encode(text, room);
  EXPECT_TRUE(size);
  room.resize(size ? size.value() : 0);
  return room;
}

inline void expect_decodes(LlmStream& stream, const Input& encoded, const Input& text) {
  Input decoded(text.size());
  const Result<std::size_t> size = stream.decode(encoded, decoded);
  ASSERT_TRUE(size);
  EXPECT_TRUE(decoded == text);
}

// Of a mixed stream: cut anywhere, with a bit turned over behind its model, longer, or of another
// size.
inline void expect_damage_is_noticed(LlmStream& coder, const Input& coded, const Input& text) {
  Input decoded(text.size());
  for (std::size_t size = 0; size < coded.size(); size += 3) {
    EXPECT_FALSE(coder.decode(Bytes(coded).first(size), decoded)) << size;
  }
  for (std::size_t at = 9; at < coded.size(); at += 2) {
    Input damaged = coded;
    damaged[at] ^= std::byte{0x10};
    const Result<std::size_t> result = coder.decode(damaged, decoded);
    EXPECT_FALSE(result.has_value() && decoded == text) << at;
  }
  Input longer = coded;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(coder.decode(longer, decoded));
  Input room(text.size() + 1);
  EXPECT_FALSE(coder.decode(coded, room));
}

}  // namespace evalzip
