// What a codec makes of a text, checked by decoding it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/codec_spec.h"
#include "codecs/registry.h"

namespace evalzip {

inline Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

inline std::vector<std::byte> encoded(const std::string& spec, const std::string& text) {
  const Registry codecs = builtin_codecs();
  const CodecSpec parsed = parse_codec_spec(codecs, spec);
  const auto codec = parsed.codec->make(parsed.params);
  std::vector<std::byte> bytes(codec->bound(text.size())), decoded(text.size());
  const auto size = codec->encode(bytes_of(text), bytes);
  EXPECT_TRUE(size.has_value()) << spec;
  if (!size) return {};
  bytes.resize(size.value());
  EXPECT_TRUE(codec->decode(bytes, decoded).has_value()) << spec;
  EXPECT_TRUE(std::ranges::equal(decoded, bytes_of(text))) << spec;
  return bytes;
}

inline std::size_t encoded_size(const std::string& spec, const std::string& text) {
  return encoded(spec, text).size();
}

}  // namespace evalzip
