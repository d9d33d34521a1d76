#include "codecs/llm/gpt2_alphabet.h"

#include <array>
#include <span>

#include "codecs/llm/utf8_character.h"

namespace evalzip {
namespace {

constexpr std::size_t kCharacters = 0x100 + 68;

constexpr bool stands_for_itself(std::size_t byte) {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

// Character -> byte; -1 for those below U+0144 that stand for none.
constexpr std::array<int, kCharacters> make_alphabet() {
  std::array<int, kCharacters> bytes{};
  std::size_t next = 0x100;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (stands_for_itself(byte)) {
      bytes[byte] = static_cast<int>(byte);
    } else {
      bytes[byte] = -1;
      bytes[next++] = static_cast<int>(byte);
    }
  }
  return bytes;
}
constexpr auto kAlphabet = make_alphabet();

}  // namespace

std::optional<std::vector<std::byte>> bytes_of_gpt2_text(std::string_view text) {
  const Bytes utf8 = std::as_bytes(std::span(text));
  std::vector<std::byte> bytes;
  for (std::size_t position = 0; position < utf8.size();) {
    const Utf8Character character = read_character(utf8, position);
    if (character.code_point >= kCharacters || kAlphabet[character.code_point] < 0) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<std::byte>(kAlphabet[character.code_point]));
    position += character.size;
  }
  return bytes;
}

}  // namespace evalzip
