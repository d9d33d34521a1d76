// Makes the targets of x86 calls and jumps absolute, so that calls of one function look alike.
#pragma once

#include <cstdint>
#include <span>

namespace evalzip {

// An instruction E8 or E9 holds a distance of 32 bits behind it; where its highest byte is 00 or
// FF, its lower 25 bits become distance + position, sign-extended, which keeps that byte 00 or FF.
// The first works from the end to the start, so that the second, working forwards, sees at each
// position what the first saw there. Bytes that are no code change too, and come back all the same.
void to_absolute_calls(std::span<std::uint8_t> code);
void to_relative_calls(std::span<std::uint8_t> code);

// How many places the filter would change.
std::size_t count_calls(std::span<const std::uint8_t> bytes);

}  // namespace evalzip
