#include "codecs/llm/llm_header.h"

#include <algorithm>

#include "codecs/llm/header_number.h"

namespace evalzip {
namespace {

// Of the arithmetic from tokens to counts: whatever changes a single count raises it.
constexpr std::byte kArithmeticVersion{7};

// Takes the segments' numbers off `rest`; what remains must be their payloads.
bool read_segments(Bytes& rest, std::size_t size, std::uint64_t count,
                   std::vector<LlmHeader::Segment>& segments) {
  std::uint64_t total = 0;
  const std::size_t length = (size + count - 1) / count;
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<std::uint64_t> number = read_number(rest);
    if (!number || *number / 2 > rest.size()) return false;
    const std::size_t begin = std::min(i * length, size);
    const bool stored = *number % 2 == 1;
    if (stored && *number / 2 != std::min(length, size - begin)) return false;
    segments.push_back({.bytes = *number / 2, .stored = stored});
    total += *number / 2;
  }
  return total == rest.size();
}

}  // namespace

std::vector<std::byte> LlmHeader::written() const {
  std::vector<std::byte> bytes(1 + model.size());
  bytes[0] = kArithmeticVersion;
  std::ranges::copy(model, bytes.begin() + 1);
  write_number(positions, bytes);
  write_number(segments.size(), bytes);
  for (const Segment& segment : segments) {
    write_number(2 * std::uint64_t{segment.bytes} + (segment.stored ? 1 : 0), bytes);
  }
  return bytes;
}

std::optional<ParsedHeader> LlmHeader::read(Bytes input, std::size_t size) {
  ParsedHeader parsed{};
  ModelId& model = parsed.header.model;
  if (input.size() < 1 + model.size() || input[0] != kArithmeticVersion) return std::nullopt;
  std::ranges::copy(input.subspan(1, model.size()), model.begin());
  Bytes rest = input.subspan(1 + model.size());
  const std::optional<std::uint64_t> positions = read_number(rest);
  if (!positions || *positions < kLeastPositions) return std::nullopt;
  const std::optional<std::uint64_t> count = read_number(rest);
  if (!count || *count == 0 || *count > std::min(size, kMostSegments)) return std::nullopt;
  parsed.header.positions = *positions;
  if (!read_segments(rest, size, *count, parsed.header.segments)) return std::nullopt;
  parsed.payload = rest;
  return parsed;
}

std::size_t LlmHeader::bound(std::size_t size) {
  return 1 + sizeof(ModelId) + (2 + std::min(size, kMostSegments)) * kMostNumberBytes;
}

}  // namespace evalzip
