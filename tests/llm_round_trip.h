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

}  // namespace evalzip
