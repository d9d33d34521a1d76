// The set of codecs a program knows: a value with an explicit list, so that order is visible, tests
// can build their own, and nothing vanishes from a static library.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

class Registry {
 public:
  // Throws SpecError if the name is taken.
  void add(CodecInfo info);

  // Null if there is no such codec.
  const CodecInfo* find(std::string_view name) const;

  std::span<const CodecInfo> all() const& { return codecs_; }
  std::span<const CodecInfo> all() && = delete;  // the span would outlive its registry

 private:
  std::vector<CodecInfo> codecs_;
};

// The codecs compiled into the program.
Registry builtin_codecs();

}  // namespace evalzip
