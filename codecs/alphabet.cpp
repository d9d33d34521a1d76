#include "codecs/alphabet.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

namespace evalzip {
namespace {

// Up to this many bytes are listed one by one; more are marked among all 256.
constexpr std::size_t kMostListed = 32;
constexpr std::size_t kMapBytes = 32;

// Calls use with `bytes`, 1 to 8, as a constant.
template <class Use>
void with_constant(std::size_t bytes, Use use) {
  const auto one_of = [&]<std::size_t... kLess>(std::index_sequence<kLess...>) {
    ((bytes == kLess + 1 ? use(std::integral_constant<std::size_t, kLess + 1>()) : void()), ...);
  };
  one_of(std::make_index_sequence<Alphabet::kMostBytesPerSymbol>());
}

unsigned value(std::byte byte) { return std::to_integer<unsigned>(byte); }

}  // namespace

Alphabet::Alphabet(Bytes block) {
  std::array<bool, 256> occurs{};
  constexpr std::size_t kStep = 8;
  std::size_t at = 0;
  for (; at + kStep <= block.size(); at += kStep) {
    for (std::size_t i = 0; i < kStep; ++i) occurs[value(block[at + i])] = true;
  }
  for (; at < block.size(); ++at) occurs[value(block[at])] = true;
  for (unsigned i = 0; i < 256; ++i) {
    if (occurs[i]) bytes_.push_back(static_cast<std::byte>(i));
  }
  number();
}

void Alphabet::number() {
  symbols_ = bytes_.size();
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    number_[value(bytes_[i])] = static_cast<std::uint8_t>(i);
    byte_[i] = std::to_integer<std::uint8_t>(bytes_[i]);
  }
}

std::vector<std::byte> Alphabet::written() const {
  std::vector<std::byte> header;
  header.reserve(kMostHeaderBytes);
  header.push_back(static_cast<std::byte>(distinct() - 1));
  if (distinct() <= kMostListed) {
    for (const std::byte byte : bytes_) header.push_back(byte);
  } else if (distinct() < 256) {
    header.resize(1 + kMapBytes);
    for (const std::byte byte : bytes_) {
      header[1 + value(byte) / 8] |= std::byte{1} << value(byte) % 8;
    }
  }
  return header;
}

std::optional<Alphabet> Alphabet::read(Bytes header, std::size_t& read_bytes) {
  if (header.empty()) return std::nullopt;
  const std::size_t distinct = value(header[0]) + std::size_t{1};
  const std::size_t size = distinct <= kMostListed ? distinct : distinct < 256 ? kMapBytes : 0;
  if (header.size() < 1 + size) return std::nullopt;
  const Bytes body = header.subspan(1, size);
  Alphabet alphabet;
  if (distinct <= kMostListed) {
    alphabet.bytes_.assign(body.begin(), body.end());
  } else {
    for (unsigned i = 0; i < 256; ++i) {
      const bool occurs = distinct == 256 || (body[i / 8] >> i % 8 & std::byte{1}) != std::byte{0};
      if (occurs) alphabet.bytes_.push_back(static_cast<std::byte>(i));
    }
  }
  const bool in_order =
      std::ranges::adjacent_find(alphabet.bytes_, std::greater_equal{}) == alphabet.bytes_.end();
  if (alphabet.bytes_.size() != distinct || !in_order) return std::nullopt;
  alphabet.number();
  read_bytes = 1 + size;
  return alphabet;
}

void Alphabet::extend() {
  if (distinct() < 2) return;
  while (bytes_per_symbol_ < kMostBytesPerSymbol && symbols_ * distinct() <= 256) {
    symbols_ *= distinct();
    ++bytes_per_symbol_;
  }
}

void Alphabet::to_symbols(Bytes block, std::span<std::uint8_t> symbols) const {
  const auto base = static_cast<unsigned>(distinct());
  // With the number of bytes to a symbol as a constant: all whole symbols.
  const auto whole = [&]<std::size_t kBytes>(std::integral_constant<std::size_t, kBytes>) {
    const std::byte* run = block.data();
    for (std::size_t i = 0; i < block.size() / kBytes; ++i, run += kBytes) {
      unsigned digits = 0;
      for (std::size_t k = 0; k < kBytes; ++k) digits = digits * base + number_[value(run[k])];
      symbols[i] = static_cast<std::uint8_t>(digits);
    }
  };
  with_constant(bytes_per_symbol_, whole);
  const Bytes rest = block.last(block.size() % bytes_per_symbol_);
  if (rest.empty()) return;
  unsigned digits = 0;
  for (const std::byte byte : rest) digits = digits * base + number_[value(byte)];
  for (std::size_t i = rest.size(); i < bytes_per_symbol_; ++i) digits *= base;
  symbols.back() = static_cast<std::uint8_t>(digits);
}

void Alphabet::to_bytes(std::span<const std::uint8_t> symbols, MutableBytes block) const {
  std::vector<std::array<std::byte, kMostBytesPerSymbol>> runs(symbols_);
  for (std::size_t symbol = 0; symbol < symbols_; ++symbol) {
    std::size_t digits = symbol;
    for (std::size_t i = bytes_per_symbol_; i-- > 0; digits /= distinct()) {
      runs[symbol][i] = bytes_[digits % distinct()];
    }
  }
  // Eight bytes at once as long as they fit; what is too much is overwritten by the next.
  const std::size_t roomy = block.size() < kMostBytesPerSymbol
                                ? 0
                                : (block.size() - kMostBytesPerSymbol) / bytes_per_symbol_ + 1;
  std::byte* at = block.data();
  for (const std::uint8_t symbol : symbols.first(roomy)) {
    std::memcpy(at, runs[symbol].data(), kMostBytesPerSymbol);
    at += bytes_per_symbol_;
  }
  for (const std::uint8_t symbol : symbols.subspan(roomy)) {
    const auto left = static_cast<std::size_t>(block.data() + block.size() - at);
    at = std::copy_n(runs[symbol].data(), std::min(left, bytes_per_symbol_), at);
  }
}

}  // namespace evalzip
