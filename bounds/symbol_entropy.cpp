#include "bounds/symbol_entropy.h"

#include <cmath>
#include <numbers>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/utf8.h"

namespace evalzip {
namespace {

// Sums up counts one by one.
class Sum {
 public:
  void add(std::uint64_t count) {
    if (count == 0) return;
    found_.symbols += count;
    ++found_.distinct;
    logs_ += static_cast<double>(count) * std::log2(static_cast<double>(count));
  }

  SymbolEntropy entropy() {
    if (found_.symbols == 0) return found_;
    const auto total = static_cast<double>(found_.symbols);
    // A constant document's terms cancel but for rounding.
    if (found_.distinct > 1) found_.empirical_bits = total * std::log2(total) - logs_;
    found_.corrected_bits =
        found_.empirical_bits + static_cast<double>(found_.distinct - 1) / 2 * std::numbers::log2e;
    return found_;
  }

 private:
  SymbolEntropy found_;
  double logs_ = 0;
};

// Symbols below 2^16 in a table, which most are, and others by hash.
class SymbolCounter {
 public:
  void add(std::uint32_t symbol) { ++(symbol < kLow ? low_[symbol] : high_[symbol]); }

  SymbolEntropy entropy() const {
    Sum sum;
    for (const std::uint64_t count : low_) sum.add(count);
    for (const auto& [symbol, count] : high_) sum.add(count);
    return sum.entropy();
  }

 private:
  static constexpr std::uint32_t kLow = 1 << 16;
  std::vector<std::uint64_t> low_ = std::vector<std::uint64_t>(kLow, 0);
  std::unordered_map<std::uint32_t, std::uint64_t> high_;
};

}  // namespace

SymbolEntropy word_entropy(Bytes document) {
  constexpr std::uint32_t kLastByte = 1 << 16;  // + its value: like no word
  SymbolCounter counter;
  for (std::size_t i = 0; i + 1 < document.size(); i += 2) {
    counter.add(std::to_integer<std::uint32_t>(document[i]) |
                std::to_integer<std::uint32_t>(document[i + 1]) << 8);
  }
  if (document.size() % 2 == 1) {
    counter.add(kLastByte + std::to_integer<std::uint32_t>(document.back()));
  }
  return counter.entropy();
}

std::optional<SymbolEntropy> character_entropy(Bytes document) {
  constexpr std::size_t kLongestCharacter = 4;
  SymbolCounter counter;
  bool ascii = true;
  std::string_view rest(reinterpret_cast<const char*>(document.data()), document.size());
  while (!rest.empty()) {
    const auto character = first_code_point(rest);
    if (!character && rest.size() < kLongestCharacter && rest.size() < document.size()) break;
    if (!character) return std::nullopt;
    ascii = ascii && character->value < 0x80;
    counter.add(character->value);
    rest.remove_prefix(character->bytes);
  }
  if (ascii) return std::nullopt;
  return counter.entropy();
}

SymbolEntropy symbol_entropy(std::span<const std::uint32_t> symbols) {
  SymbolCounter counter;
  for (const std::uint32_t symbol : symbols) counter.add(symbol);
  return counter.entropy();
}

}  // namespace evalzip
