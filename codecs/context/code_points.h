// UTF-8 by its characters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "codecs/context/context_hash.h"

namespace evalzip {

// The last characters of a text in UTF-8, and the bytes of the one that has begun. Bytes that are
// no UTF-8 count as characters of their own.
class CodePoints {
 public:
  static constexpr std::size_t kMost = 6;

  void follow(std::uint32_t byte);

  // Of the last `number` <= kMost whole characters and what is known of the next one.
  std::uint32_t context(std::size_t number) const { return combine(hashes_[number], part_); }
  // The bytes of the next one that are known, behind a 1; 1 if none is.
  std::uint32_t part() const { return part_; }
  unsigned missing() const { return missing_; }
  // The last one, and the one before it.
  std::uint32_t last(std::size_t back = 0) const { return last_[back]; }

 private:
  void complete(std::uint32_t character);

  std::array<std::uint32_t, kMost> last_{};
  std::array<std::uint32_t, kMost + 1> hashes_{};
  std::uint32_t part_ = 1, bits_ = 0;
  unsigned missing_ = 0;  // bytes
};

// What kind of writing a character belongs to: words are runs of one kind, ideographs alone.
enum class Script : std::uint8_t { none, digit, letter, kana, ideograph };
Script script_of(std::uint32_t character);

// The small letter of a capital one, where the two lie at a fixed distance: Latin, Greek, Cyrillic.
std::uint32_t small_letter(std::uint32_t character);

}  // namespace evalzip
