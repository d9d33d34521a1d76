// Finds the length of the records, or rows, that data consist of.
#pragma once

#include <cstdint>
#include <span>

namespace evalzip {

// The distance in bytes at which bytes are most like each other, or 0 where none stands out.
std::uint32_t record_width(std::span<const std::uint8_t> bytes);

}  // namespace evalzip
