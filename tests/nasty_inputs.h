// Inputs on which codecs have gone wrong: the smallest, the most skewed, the incompressible.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace evalzip {

using Input = std::vector<std::byte>;

struct NamedInput {
  std::string name;
  Input bytes;
};

// The same bytes on every machine: no distribution of the standard library promises that.
inline Input random_input(std::uint64_t seed, std::size_t size, unsigned alphabet = 256) {
  std::mt19937_64 random(seed);
  Input bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>((random() >> 20) % alphabet);
  return bytes;
}

inline Input text_input(std::uint64_t seed, std::size_t size) {
  constexpr std::array<std::string_view, 16> kWords = {
      "the ",    "of ",   "and ",      "interval ", "symbol ", "a ",    "code ",   "length\n",
      "entropy", ", the", " measure ", "is ",       "0.125 ",  "in an", "other. ", "It was "};
  std::mt19937_64 random(seed);
  std::string text;
  while (text.size() < size) text += kWords[(random() >> 20) % kWords.size()];
  Input bytes(size);
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

// Counts that are Fibonacci numbers give a Huffman tree as deep as it has leaves.
inline Input fibonacci_input(std::uint64_t seed, unsigned symbols) {
  Input bytes;
  std::size_t count = 1, next = 1;
  for (unsigned symbol = 0; symbol < symbols; ++symbol) {
    bytes.insert(bytes.end(), count, static_cast<std::byte>(symbol));
    next += count;
    count = next - count;
  }
  std::shuffle(bytes.begin(), bytes.end(), std::mt19937_64(seed));
  return bytes;
}

inline Input all_bytes(std::size_t repeats) {
  Input bytes(256 * repeats);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

inline std::vector<NamedInput> nasty_inputs() {
  std::vector<NamedInput> inputs;
  const auto add = [&](std::string name, Input bytes) {
    inputs.push_back({std::move(name), std::move(bytes)});
  };
  add("empty", {});
  add("one zero", Input(1, std::byte{0}));
  add("one 0xff", Input(1, std::byte{0xff}));
  add("all equal", Input(70'000, std::byte{'a'}));
  add("two symbols", random_input(1, 10'000, 2));
  add("three symbols", random_input(2, 10'000, 3));
  add("all 256 once", all_bytes(1));
  add("all 256 often", all_bytes(300));
  add("fibonacci counts", fibonacci_input(3, 22));
  add("random", random_input(4, 100'000));
  add("text", text_input(5, 50'000));
  Input mixed = text_input(6, 40'000);
  const Input noise = random_input(7, 30'000);
  mixed.insert(mixed.end(), noise.begin(), noise.end());
  mixed.insert(mixed.end(), 65'536, std::byte{0});
  add("text, noise, zeros", std::move(mixed));
  return inputs;
}

}  // namespace evalzip
