// The classes of characters that pre-tokenizers tell apart.
#pragma once

#include <cstdint>

namespace evalzip {

enum class UnicodeClass : std::uint8_t {
  letter,      // general category L*
  number,      // general category N*
  whitespace,  // property White_Space
  other,       // anything else, and what is no character
};

// Of Unicode 15.0. Total: any number is a class.
UnicodeClass unicode_class_of(char32_t code_point);

}  // namespace evalzip
