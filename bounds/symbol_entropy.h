// Order-0 entropies of larger symbols than bytes: 16-bit words, characters of UTF-8, tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "codecs/codec.h"

namespace evalzip {

struct SymbolEntropy {
  std::uint64_t symbols = 0, distinct = 0;
  // Of the whole document. Like all empirical entropies it leaves out what the decoder must be told
  // about the counts; the more distinct symbols, the more that is.
  double empirical_bits = 0;
  double corrected_bits = 0;  // with Miller's (1955) correction of the bias: (distinct - 1)/2 nats
};

// Little-endian, from the beginning; an odd last byte is a symbol of its own.
SymbolEntropy word_entropy(Bytes document);

// Absent unless the whole document is valid UTF-8, but for up to three bytes at its end where it
// may have been cut, and not plain ASCII.
std::optional<SymbolEntropy> character_entropy(Bytes document);

SymbolEntropy symbol_entropy(std::span<const std::uint32_t> symbols);

}  // namespace evalzip
