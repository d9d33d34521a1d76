// Whole numbers in the headers of the language-model coder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

inline constexpr std::size_t kMostNumberBytes = 10;

// Seven bits a byte, the lowest first, the top bit set on all bytes but the last.
void write_number(std::uint64_t number, std::vector<std::byte>& bytes);

// Takes a number off `rest`. Absent if it is cut short, longer than 63 bits, or not written in the
// shortest way.
std::optional<std::uint64_t> read_number(Bytes& rest);

}  // namespace evalzip
