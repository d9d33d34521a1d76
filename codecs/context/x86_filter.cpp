#include "codecs/context/x86_filter.h"

#include <cstddef>

namespace evalzip {
namespace {

constexpr std::size_t kInstruction = 5;  // bytes

bool is_call(const std::uint8_t* at) {
  return (at[0] & 0xfeu) == 0xe8u && (at[4] == 0x00 || at[4] == 0xff);
}

void move_target(std::uint8_t* at, std::uint32_t distance) {
  std::uint32_t target = at[1] | at[2] << 8 | at[3] << 16 | static_cast<std::uint32_t>(at[4]) << 24;
  target = (target + distance) & 0x01ffffffu;
  if (target >> 24 != 0) target |= 0xff000000u;
  for (unsigned i = 0; i < 4; ++i) at[1 + i] = static_cast<std::uint8_t>(target >> 8 * i);
}

}  // namespace

void to_absolute_calls(std::span<std::uint8_t> code) {
  if (code.size() < kInstruction) return;
  for (std::size_t i = code.size() - kInstruction + 1; i-- > 0;) {
    if (is_call(&code[i])) move_target(&code[i], static_cast<std::uint32_t>(i));
  }
}

void to_relative_calls(std::span<std::uint8_t> code) {
  for (std::size_t i = 0; i + kInstruction <= code.size(); ++i) {
    if (is_call(&code[i])) move_target(&code[i], 0u - static_cast<std::uint32_t>(i));
  }
}

std::size_t count_calls(std::span<const std::uint8_t> bytes) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + kInstruction <= bytes.size(); ++i)
    count += is_call(&bytes[i]) ? 1 : 0;
  return count;
}

}  // namespace evalzip
