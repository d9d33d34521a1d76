// Whole reads and writes on file descriptors: interruptions and short counts are handled, any other
// failure throws std::system_error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace evalzip {

// Throws std::runtime_error if the file ends before the buffer is full.
void read_exactly(int descriptor, std::uint64_t offset, std::span<std::byte> buffer);

// From where the descriptor stands; returns how many bytes came. Fewer than asked: that is the end.
std::size_t read_until_full(int descriptor, std::span<std::byte> buffer);

void write_all(int descriptor, std::span<const std::byte> bytes);
void write_all(int descriptor, std::string_view text);

// Everything until end of file.
std::string read_to_end(int descriptor);

}  // namespace evalzip
