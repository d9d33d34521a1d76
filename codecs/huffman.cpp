#include "codecs/huffman.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <optional>

#include "codecs/block_splitter.h"
#include "codecs/huffman_header.h"

namespace evalzip {
namespace {

// First byte of a block. A coded block's kind is kFirstCoded + the place of its lane count here.
constexpr std::uint8_t kStored = 0, kRun = 1, kFirstCoded = 2;
constexpr std::array<std::size_t, 3> kLaneCounts{4, 64, 128};

// More lanes decode faster and cost 4 bytes each.
constexpr std::size_t kFewLanesBelow = std::size_t{8} << 10;
constexpr std::size_t kManyLanesFrom = std::size_t{128} << 10;

// What a new block costs beside its symbols: the description of the code, about 60 bytes, and what
// 128 lane states hold beyond code words, about 2 bytes each.
constexpr std::size_t kBlockOverheadBits = 8 * 320;

// The last symbols of a block lie uncoded in the lanes' 16 lowest bits: they are the stack's
// bottom.
constexpr std::size_t kSymbolsAtBottom = 2;

constexpr std::size_t kMostHeaderBytes = 1 + 5;  // kind and size

std::size_t lanes_kind(std::size_t block_size) {
  return block_size < kFewLanesBelow ? 0 : block_size < kManyLanesFrom ? 1 : 2;
}

std::uint8_t* bytes_of(MutableBytes bytes) { return reinterpret_cast<std::uint8_t*>(bytes.data()); }
const std::uint8_t* bytes_of(Bytes bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

// Seven bits to a byte, lowest first, the top bit set on all but the last.
std::vector<std::byte> block_header(std::uint8_t kind, std::size_t size) {
  std::vector<std::byte> header{std::byte{kind}};
  for (; size >= 128; size >>= 7) header.push_back(static_cast<std::byte>(size | 128));
  header.push_back(static_cast<std::byte>(size));
  return header;
}

struct BlockHeader {
  std::uint8_t kind;
  std::size_t size;
  std::size_t header_bytes;
};

std::optional<BlockHeader> read_block_header(Bytes input) {
  if (input.size() < 2) return std::nullopt;
  BlockHeader header{std::to_integer<std::uint8_t>(input[0]), 0, 1};
  for (unsigned shift = 0; shift < 35 && header.header_bytes < input.size(); shift += 7) {
    const auto byte = std::to_integer<std::size_t>(input[header.header_bytes++]);
    header.size |= (byte & 127) << shift;
    if (byte < 128) return header;
  }
  return std::nullopt;
}

// Puts the parts one after the other.
Result<std::size_t> write_parts(std::initializer_list<Bytes> parts, MutableBytes output) {
  std::size_t size = 0;
  for (const Bytes part : parts) size += part.size();
  if (size > output.size()) return Fault::output_too_small;
  std::byte* to = output.data();
  for (const Bytes part : parts) to = std::copy(part.begin(), part.end(), to);
  return size;
}

std::size_t coded_bits(const CodeLengths& lengths, const ByteHistogram& counts) {
  std::size_t bits = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) bits += std::size_t{counts[i]} * lengths[i];
  return bits;
}

using Lanes = std::array<std::uint32_t, kMostLanes>;

// Symbol i of a block belongs to lane i mod lanes; the last round may be short, and the symbols
// after it are the lanes' bottoms.
struct BlockShape {
  std::size_t rounds, short_round;

  BlockShape(std::size_t size, std::size_t lanes)
      : rounds(size / lanes - kSymbolsAtBottom), short_round(size % lanes) {}
};

// The code words go to the end of `words`; returns the first.
const std::uint8_t* encode_symbols(const HuffmanKernel& kernel, const CanonicalCode& code,
                                   Bytes block, std::span<std::uint32_t> lanes,
                                   std::span<std::uint8_t> words) {
  const BlockShape shape(block.size(), lanes.size());
  const std::uint8_t* bottoms = bytes_of(block) + block.size() - kSymbolsAtBottom * lanes.size();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    lanes[i] = kLaneBottom | static_cast<std::uint32_t>(bottoms[2 * i] | bottoms[2 * i + 1] << 8);
  }
  LaneEncoding last{lanes.first(shape.short_round), bottoms, shape.short_round > 0 ? 1u : 0u,
                    words.data() + words.size()};
  encode_rounds_portable(code, last);
  LaneEncoding all{lanes, last.input_end, shape.rounds, last.words};
  kernel.encode_rounds(code, all);
  return all.words;
}

// Returns the bytes of words read, or nothing if the words or the lanes are not what the encoder
// writes.
std::optional<std::size_t> decode_symbols(const HuffmanKernel& kernel, const CanonicalCode& code,
                                          std::span<std::uint32_t> lanes, Bytes words,
                                          MutableBytes block) {
  const BlockShape shape(block.size(), lanes.size());
  const std::uint8_t* const begin = bytes_of(words);
  LaneDecoding all{lanes, begin, begin + words.size(), bytes_of(block), shape.rounds};
  kernel.decode_rounds(code, all);
  if (!decode_rounds_carefully(code, all)) return std::nullopt;
  LaneDecoding last{lanes.first(shape.short_round), all.words, all.words_end, all.output, 1};
  if (!decode_rounds_carefully(code, last)) return std::nullopt;
  std::uint8_t* bottoms = last.output;
  for (const std::uint32_t lane : lanes) {
    if (lane >> 16 != 1) return std::nullopt;
    *bottoms++ = static_cast<std::uint8_t>(lane);
    *bottoms++ = static_cast<std::uint8_t>(lane >> 8);
  }
  return last.words - begin;
}

// Each returns the bytes of input read for the block's content.
std::optional<std::size_t> decode_coded(const HuffmanKernel& kernel, std::size_t lane_count,
                                        Bytes input, MutableBytes block) {
  if (block.size() < kSymbolsAtBottom * lane_count) return std::nullopt;
  const auto described = read_code(input);
  if (!described) return std::nullopt;
  input = input.subspan(described.value().description_bytes);
  if (input.size() < 4 * lane_count) return std::nullopt;
  Lanes lanes{};
  for (std::size_t i = 0; i < lane_count; ++i) {
    const std::uint8_t* from = bytes_of(input) + 4 * i;
    lanes[i] = static_cast<std::uint32_t>(from[0] | from[1] << 8 | from[2] << 16) |
               static_cast<std::uint32_t>(from[3]) << 24;
    if (lanes[i] < kLaneBottom) return std::nullopt;
  }
  const auto words =
      decode_symbols(kernel, described.value().code, std::span(lanes).first(lane_count),
                     input.subspan(4 * lane_count), block);
  if (!words) return std::nullopt;
  return described.value().description_bytes + 4 * lane_count + *words;
}

std::optional<std::size_t> decode_block(const HuffmanKernel& kernel, std::uint8_t kind, Bytes input,
                                        MutableBytes block) {
  if (kind == kStored) {
    if (input.size() < block.size()) return std::nullopt;
    std::copy_n(input.begin(), block.size(), block.begin());
    return block.size();
  }
  if (kind == kRun) {
    if (input.empty()) return std::nullopt;
    std::fill(block.begin(), block.end(), input[0]);
    return 1;
  }
  const std::size_t place = kind - kFirstCoded;
  if (place >= kLaneCounts.size()) return std::nullopt;
  return decode_coded(kernel, kLaneCounts[place], input, block);
}

}  // namespace

HuffmanCoder::HuffmanCoder(std::size_t block_limit, const HuffmanKernel& kernel)
    : block_limit_(block_limit), kernel_(&kernel) {
  assert(block_limit >= 1 && block_limit <= std::size_t{1} << 30);
}

std::size_t HuffmanCoder::bound(std::size_t size) const {
  // Blocks are cut at multiples of 64 KiB or of the limit, whichever is less.
  const std::size_t shortest = std::min(block_limit_, std::size_t{64} << 10);
  return size + (size / shortest + 1) * kMostHeaderBytes;
}

Result<std::size_t> HuffmanCoder::encode(Bytes input, MutableBytes output) {
  std::size_t written = 0;
  while (!input.empty()) {
    const StatisticalBlock block = first_block(input, block_limit_, kBlockOverheadBits);
    const auto size = encode_block(input.first(block.size), block.counts, output.subspan(written));
    if (!size) return size;
    written += size.value();
    input = input.subspan(block.size);
  }
  return written;
}

Result<std::size_t> HuffmanCoder::encode_block(Bytes block, const ByteHistogram& counts,
                                               MutableBytes output) {
  const std::vector<std::byte> stored = block_header(kStored, block.size());
  const auto store = [&] { return write_parts({stored, block}, output); };
  if (std::ranges::find(counts, block.size()) != counts.end()) {
    return write_parts({block_header(kRun, block.size()), block.first(1)}, output);
  }
  const std::size_t kind = lanes_kind(block.size()), lane_count = kLaneCounts[kind];
  const CodeLengths lengths = optimal_code_lengths(counts, kLongestCode);
  if (block.size() < kSymbolsAtBottom * lane_count ||
      coded_bits(lengths, counts) / 8 >= block.size()) {
    return store();
  }
  const CanonicalCode code = *canonical_code(lengths);
  words_.resize(std::max(words_.size(), 2 * block.size() + 2));
  std::uint8_t* const words_end = words_.data() + words_.size();
  Lanes lanes{};
  const auto used = std::span(lanes).first(lane_count);
  const std::uint8_t* const words = encode_symbols(*kernel_, code, block, used, words_);

  std::vector<std::byte> states;
  for (const std::uint32_t lane : used) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      states.push_back(static_cast<std::byte>(lane >> shift & 0xff));
    }
  }
  const auto header = block_header(static_cast<std::uint8_t>(kFirstCoded + kind), block.size());
  const std::vector<std::byte> description = write_code(code);
  const Bytes coded = std::as_bytes(std::span(words, words_end));
  if (description.size() + states.size() + coded.size() >= block.size()) return store();
  return write_parts({header, description, states, coded}, output);
}

Result<std::size_t> HuffmanCoder::decode(Bytes input, MutableBytes output) const {
  std::size_t written = 0;
  while (written < output.size()) {
    const auto header = read_block_header(input);
    if (!header || header->size == 0 || header->size > output.size() - written) {
      return Fault::corrupt_input;
    }
    input = input.subspan(header->header_bytes);
    const auto read =
        decode_block(*kernel_, header->kind, input, output.subspan(written, header->size));
    if (!read) return Fault::corrupt_input;
    input = input.subspan(*read);
    written += header->size;
  }
  if (!input.empty()) return Fault::corrupt_input;
  return written;
}

double HuffmanCoder::ideal_bits(Bytes input) const {
  double bits = 0;
  while (!input.empty()) {
    const StatisticalBlock block = first_block(input, block_limit_, kBlockOverheadBits);
    for (const std::uint32_t count : block.counts) {
      if (count == 0) continue;
      bits -= count * std::log2(static_cast<double>(count) / static_cast<double>(block.size));
    }
    input = input.subspan(block.size);
  }
  return bits;
}

}  // namespace evalzip
