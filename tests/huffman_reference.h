// A decoder of the Huffman stream to read beside docs/formats.md: short, slow, and one symbol at a
// time. It trusts its input; the tests hold the fast decoders against it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace evalzip::reference {

class HuffmanDecoder {
 public:
  explicit HuffmanDecoder(std::vector<std::uint8_t> stream) : stream_(std::move(stream)) {}

  std::vector<std::uint8_t> decode(std::size_t size) {
    while (output_.size() < size) decode_block();
    return output_;
  }

 private:
  using Codebook = std::map<std::string, std::uint8_t>;  // "0110" -> symbol

  void decode_block() {
    const unsigned kind = byte();
    std::size_t size = 0;
    for (unsigned shift = 0;; shift += 7) {
      const unsigned part = byte();
      size |= std::size_t{part & 127} << shift;
      if (part < 128) break;
    }
    if (kind == 0) {
      for (std::size_t i = 0; i < size; ++i) output_.push_back(byte());
    } else if (kind == 1) {
      output_.insert(output_.end(), size, byte());
    } else {
      decode_coded(size, std::array{4, 64, 128}[kind - 2]);
    }
  }

  void decode_coded(std::size_t size, std::size_t lane_count) {
    const Codebook words = canonical_words(read_lengths());
    std::vector<std::uint32_t> lanes(lane_count);
    for (auto& lane : lanes) {
      for (unsigned shift = 0; shift < 32; shift += 8) lane |= std::uint32_t{byte()} << shift;
    }
    for (std::size_t i = 0; i < size - 2 * lane_count; ++i) {
      auto& lane = lanes[i % lane_count];
      std::string word;
      while (!words.contains(word)) {
        word += lane & 1 ? '1' : '0';
        lane >>= 1;
      }
      output_.push_back(words.at(word));
      if (lane < 65536) {
        const std::uint32_t low = byte(), high = byte();
        lane = lane << 16 | high << 8 | low;
      }
    }
    for (const auto lane : lanes) {
      output_.push_back(static_cast<std::uint8_t>(lane));
      output_.push_back(static_cast<std::uint8_t>(lane >> 8));
    }
  }

  std::array<unsigned, 256> read_lengths() {
    bits_left_ = 0;
    std::array<unsigned, 256> lengths{};
    for (std::size_t symbol = 0, run = 0; symbol < 256; ++run) {
      std::size_t count = gamma() - (run == 0 ? 1 : 0);
      for (; count > 0; --count) lengths[symbol++] = run % 2;
    }
    const unsigned shortest = bits(4), longest = bits(4);
    std::array<unsigned, 256> meta_lengths{};
    for (unsigned i = shortest; shortest < longest && i <= longest; ++i) meta_lengths[i] = bits(3);
    const Codebook meta = canonical_words(meta_lengths);
    for (auto& length : lengths) {
      if (length == 0) continue;
      std::string word;
      while (shortest < longest && !meta.contains(word)) word += bits(1) ? '1' : '0';
      length = shortest < longest ? meta.at(word) : shortest;
    }
    return lengths;
  }

  static Codebook canonical_words(const std::array<unsigned, 256>& lengths) {
    Codebook words;
    std::uint32_t next = 0;
    for (unsigned length = 1; length <= 13; ++length, next *= 2) {
      for (std::size_t symbol = 0; symbol < 256; ++symbol) {
        if (lengths[symbol] != length) continue;
        std::string word;
        for (unsigned i = length; i-- > 0;) word += next >> i & 1 ? '1' : '0';
        words[word] = static_cast<std::uint8_t>(symbol);
        ++next;
      }
    }
    return words;
  }

  std::uint8_t byte() { return stream_.at(at_++); }

  // Most significant bit first; a description begins and ends on a whole byte.
  unsigned bits(unsigned count) {
    unsigned value = 0;
    for (; count > 0; --count) {
      if (bits_left_ == 0) {
        current_ = byte();
        bits_left_ = 8;
      }
      value = value * 2 + (current_ >> --bits_left_ & 1u);
    }
    return value;
  }

  std::size_t gamma() {
    unsigned zeros = 0;
    while (bits(1) == 0) ++zeros;
    return std::size_t{1} << zeros | bits(zeros);
  }

  std::vector<std::uint8_t> stream_, output_;
  std::size_t at_ = 0;
  unsigned current_ = 0, bits_left_ = 0;
};

}  // namespace evalzip::reference
