#include "codecs/llm/mixed_block.h"

#include <algorithm>
#include <vector>

#include "codecs/cm_stream.h"
#include "codecs/context/content_detector.h"
#include "codecs/llm/mixed_stream.h"
#include "codecs/llm/mixed_tokens.h"

namespace evalzip {
namespace {

// One lane is read slowly, more cost context mixing a per cent each time they double.
constexpr std::size_t kPresetSegments = 2;
constexpr std::size_t kLeastSegment = 2 << 10;

constexpr std::size_t kCmBound = 16;  // what cm may add

std::size_t segments_for(std::size_t wanted, std::size_t text_size) {
  if (wanted != 0) return std::clamp<std::size_t>(text_size, 1, wanted);
  return std::clamp<std::size_t>(text_size / kLeastSegment, 1, kPresetSegments);
}

std::vector<std::size_t> parts_of(Bytes input) {
  std::vector<std::size_t> parts{0};
  const std::span values(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  for (const Segment& segment : detect_content(values)) {
    const bool text = segment.content == Content::text;
    if (text != (parts.size() % 2 == 1)) parts.push_back(0);
    parts.back() += segment.size;
  }
  return parts;
}

// Text parts are the even ones.
std::vector<std::byte> gathered(const std::vector<std::size_t>& parts, Bytes input, bool text) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Bytes part = input.first(parts[i]);
    if (text == (i % 2 == 0)) bytes.insert(bytes.end(), part.begin(), part.end());
    input = input.subspan(parts[i]);
  }
  return bytes;
}

void scatter(const std::vector<std::size_t>& parts, Bytes bytes, bool text, MutableBytes output) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (text == (i % 2 == 0)) {
      std::ranges::copy(bytes.first(parts[i]), output.begin());
      bytes = bytes.subspan(parts[i]);
    }
    output = output.subspan(parts[i]);
  }
}

}  // namespace

std::size_t MixedBlock::bound(std::size_t size) { return MixedHeader::kShort + kCmBound + size; }

MixedOptions MixedBlock::stream_options(std::size_t text_size) const {
  return {.segments = segments_for(options_.segments, text_size),
          .positions = options_.positions,
          .level = options_.level};
}

template <class Use>
auto MixedBlock::with_stream(const MixedOptions& options, const Use& use) {
  if (vocabulary_ != nullptr) {
    MixedTokens stream(runner_, *vocabulary_, options);
    return use(stream);
  }
  MixedStream stream(runner_, options);
  return use(stream);
}

// Text that does not shrink is left to cm with all the rest.
Result<std::size_t> MixedBlock::encode(Bytes input, MutableBytes output, LlmCodeLength* length) {
  MixedHeader header{.tokens_are_bytes = vocabulary_ == nullptr,
                     .model = runner_.model().id,
                     .positions = options_.positions,
                     .level = options_.level,
                     .parts = parts_of(input)};
  std::vector<std::byte> coded;
  const auto spent = encode_text(header, gathered(header.parts, input, true), coded);
  if (!spent) {
    header.parts = {0, input.size()};
    coded.clear();
  } else if (length != nullptr && header.parts.size() == 1) {
    *length = *spent;
  }
  std::vector<std::byte> head = header.written();
  head.insert(head.end(), coded.begin(), coded.end());
  if (head.size() > output.size()) return Fault::output_too_small;
  std::ranges::copy(head, output.begin());
  ContextMixingCoder cm(options_.level, runner_.kernels().isa);
  const Result<std::size_t> rest =
      cm.encode(gathered(header.parts, input, false), output.subspan(head.size()));
  if (!rest) return rest;
  return head.size() + rest.value();
}

// Nothing where the text with what the header says of it does not shrink.
std::optional<LlmCodeLength> MixedBlock::encode_text(MixedHeader& header, Bytes text,
                                                     std::vector<std::byte>& coded) {
  if (text.empty()) return std::nullopt;
  coded.resize(text.size());
  RangeEncoder encoder(coded);
  const MixedOptions options = stream_options(text.size());
  const auto spent = with_stream(
      options, [&](auto& stream) { return stream.encode(text, encoder, coded.size()); });
  const Result<std::size_t> size = encoder.finish();
  if (!spent || !size) return std::nullopt;
  coded.resize(size.value());
  header.segments = options.segments;
  header.text_payload = coded.size();
  if (header.written().size() + coded.size() > MixedHeader::kShort + text.size()) {
    return std::nullopt;
  }
  return spent;
}

Result<std::size_t> MixedBlock::decode(const MixedHeader& header, Bytes rest, MutableBytes output) {
  if (header.positions > runner_.model().weights.shape().context) return Fault::unsupported_input;
  std::vector<std::byte> text(header.text_size());
  if (!text.empty()) {
    RangeDecoder decoder(rest.first(header.text_payload));
    const MixedOptions options{
        .segments = header.segments, .positions = header.positions, .level = header.level};
    with_stream(options, [&](auto& stream) { stream.decode(text, decoder); });
    if (!decoder.whole()) return Fault::corrupt_input;
  }
  std::vector<std::byte> other(output.size() - text.size());
  const Result<std::size_t> size = ContextMixingCoder(header.level, runner_.kernels().isa)
                                       .decode(rest.subspan(header.text_payload), other);
  if (!size) return size;
  scatter(header.parts, text, true, output);
  scatter(header.parts, other, false, output);
  return output.size();
}

LlmCodeLength MixedBlock::measure(Bytes input) {
  const std::vector<std::size_t> parts = parts_of(input);
  const std::vector<std::byte> text = gathered(parts, input, true);
  const std::vector<std::byte> other = gathered(parts, input, false);
  LlmCodeLength length;
  if (!text.empty()) {
    length = with_stream(stream_options(text.size()),
                         [&](auto& stream) { return stream.measure(text); });
  }
  ContextMixingCoder coder(options_.level, runner_.kernels().isa);
  if (length.count_bits > 8.0 * static_cast<double>(text.size())) {
    return {.count_bits = coder.ideal_bits(input)};
  }
  if (!other.empty()) length.count_bits += coder.ideal_bits(other);
  return length;
}

std::size_t MixedBlock::predictions_at_once(const TransformerShape& shape, const Options& options,
                                            std::size_t size) {
  const std::size_t ahead =
      shape.tokens_are_bytes() ? MixedStream::kStride : TokenLaneWriter::kAhead;
  return std::min(segments_for(options.segments, size) * ahead, SegmentRunner::kBatchRows);
}

// The copies of the text and of the rest are as long as the input, and so is what is coded.
std::uint64_t MixedBlock::memory_bytes(const TransformerShape& shape, const Options& options,
                                       std::size_t size) {
  const MixedOptions stream{.segments = segments_for(options.segments, size),
                            .positions = options.positions,
                            .level = options.level,
                            .threads = options.threads};
  const std::uint64_t coding = shape.tokens_are_bytes()
                                   ? MixedStream::memory_bytes(shape, stream, size)
                                   : MixedTokens::memory_bytes(shape, stream, size);
  return coding + 2 * std::uint64_t{size};
}

}  // namespace evalzip
