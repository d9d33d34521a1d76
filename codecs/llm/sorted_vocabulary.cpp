#include "codecs/llm/sorted_vocabulary.h"

#include <algorithm>

namespace evalzip {

SortedVocabulary::SortedVocabulary(const Tokenizer& tokenizer) {
  for (Symbol token = 0; token < tokenizer.vocabulary(); ++token) {
    if (!tokenizer.bytes_of(token).empty()) tokens_.push_back(token);
  }
  std::ranges::stable_sort(tokens_, [&](Symbol a, Symbol b) {
    return std::ranges::lexicographical_compare(tokenizer.bytes_of(a), tokenizer.bytes_of(b));
  });
  for (const Symbol token : tokens_) {
    begins_.push_back(static_cast<std::uint32_t>(texts_.size()));
    for (const std::byte byte : tokenizer.bytes_of(token)) {
      texts_.push_back(std::to_integer<std::uint8_t>(byte));
    }
  }
  begins_.push_back(static_cast<std::uint32_t>(texts_.size()));
}

std::uint64_t SortedVocabulary::bytes(const Tokenizer& tokenizer) {
  std::uint64_t bytes = 0;
  for (Symbol token = 0; token < tokenizer.vocabulary(); ++token) {
    const std::size_t text = tokenizer.bytes_of(token).size();
    if (text > 0) bytes += sizeof(Symbol) + sizeof(std::uint32_t) + text;
  }
  return bytes;
}

std::uint32_t SortedVocabulary::first_from(const Range& range, unsigned byte) const {
  std::uint32_t begin = range.begin, end = range.end;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (next_byte(middle, range.depth) < static_cast<int>(byte)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

Symbol SortedVocabulary::chosen(std::span<const std::uint8_t> bytes) const {
  Range range = all();
  for (const std::uint8_t byte : bytes) range = narrowed(range, byte);
  return chosen(range);
}

}  // namespace evalzip
