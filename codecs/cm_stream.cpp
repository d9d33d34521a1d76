#include "codecs/cm_stream.h"

#include <algorithm>
#include <bit>

#include "codecs/cm_header.h"
#include "codecs/context/content_choice.h"
#include "codecs/context/content_detector.h"
#include "codecs/context/fast_model.h"
#include "codecs/context/sample_order.h"
#include "codecs/context/sample_predictor.h"
#include "codecs/context/strong_model.h"
#include "codecs/context/x86_filter.h"
#include "codecs/entropy_model.h"
#include "codecs/range_coder.h"

namespace evalzip {
namespace {

std::span<const std::uint8_t> values_of(Bytes bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
std::span<std::uint8_t> values_of(MutableBytes bytes) {
  return {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

// A small block takes little memory at every level: one line of slots for each byte is as many as
// help.
FastModel::Size fast_size(unsigned level, std::size_t block_size) {
  const auto bits = static_cast<unsigned>(std::bit_width(block_size));
  return {.line_bits = std::clamp(bits, 10u, 14 + 2 * level),
          .match_bits = std::clamp(bits, 12u, 16 + level)};
}

bool is_predicted(const Segment& segment) {
  return segment.content != Content::run && segment.content != Content::stored;
}

// Bytes of the stream that stand for the segment and are not coded.
std::size_t plain_size(const Segment& segment) {
  if (segment.content == Content::stored) return segment.size;
  return segment.content == Content::run ? 1 : 0;
}

std::size_t plain_size(const std::vector<Segment>& segments) {
  std::size_t size = 0;
  for (const Segment& segment : segments) size += plain_size(segment);
  return size;
}

// Codes a byte with the model, whose bits code_bit(probability of a one) answers.
template <bool kDecodes, class CodeBit>
std::uint8_t code_byte(FastModel& model, CodeBit code_bit) {
  return model.code_byte<kDecodes>(code_bit);
}

template <bool kDecodes, class CodeBit>
std::uint8_t code_byte(StrongModel& model, CodeBit code_bit) {
  unsigned byte = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const bool bit = code_bit(model.probability_of_one());
    model.update(bit);
    byte = 2 * byte + (bit ? 1 : 0);
  }
  return static_cast<std::uint8_t>(byte);
}

static_assert(FastModel::kProbabilityBits == StrongModel::kProbabilityBits);

template <class Model, class Encoder>
void encode_byte(Model& model, unsigned byte, Encoder& encoder) {
  unsigned left = byte << 24;
  code_byte<false>(model, [&](std::uint32_t probability_of_one) {
    const bool bit = left >> 31 != 0;
    left <<= 1;
    encoder.put_bit(bit, probability_of_one, Model::kProbabilityBits);
    return bit;
  });
}

template <class Model, class Decoder>
std::uint8_t decode_byte(Model& model, Decoder& decoder) {
  return code_byte<true>(model, [&](std::uint32_t probability_of_one) {
    return decoder.get_bit(probability_of_one, Model::kProbabilityBits);
  });
}

// Leads the model through the segments. `code(position)` codes the byte there, which afterwards
// stands in the history, and answers whether to go on.
template <class Model, class Code>
bool for_each_byte(Model& model, const std::vector<Segment>& segments, Code code) {
  std::size_t position = 0;
  for (const Segment& segment : segments) {
    const std::size_t end = position + segment.size;
    if (is_predicted(segment)) {
      model.begin(segment);
      for (; position < end; ++position) {
        if (!code(position)) return false;
        model.next_byte();
      }
    } else {
      model.skip(segment);
      position = end;
    }
  }
  return true;
}

bool is_filtered(const Segment& segment) {
  return segment.content == Content::x86 ||
         (segment.content == Content::image && !has_ordered_samples(segment));
}

// Models see code and samples changed.
void filter(std::span<std::uint8_t> block, const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    const auto bytes = block.first(segment.size);
    if (segment.content == Content::x86) to_absolute_calls(bytes);
    if (segment.content == Content::image) to_ordered_samples(bytes, segment);
    block = block.subspan(segment.size);
  }
}

void undo_filter(std::span<std::uint8_t> block, const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    const auto bytes = block.first(segment.size);
    if (segment.content == Content::x86) to_relative_calls(bytes);
    if (segment.content == Content::image) from_ordered_samples(bytes, segment);
    block = block.subspan(segment.size);
  }
}

// Calls `use` with the model of a level, which looks at `block`.
template <class Use>
auto with_model(unsigned level, std::span<const std::uint8_t> block, Isa isa, Use use) {
  if (level < kFirstStrongContextLevel) {
    FastModel model(block.data(), fast_size(level, block.size()));
    return use(model);
  }
  StrongModel model(block.data(), StrongModel::Size::of_level(level, block.size()), isa);
  return use(model);
}

void append_plain(std::vector<std::byte>& head, Bytes block, const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    const Bytes plain = block.first(plain_size(segment));
    head.insert(head.end(), plain.begin(), plain.end());
    block = block.subspan(segment.size);
  }
}

// Fills the segments that are not coded. `plain` holds exactly their bytes.
void place_plain(Bytes plain, MutableBytes block, const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    if (segment.content == Content::stored) {
      std::copy_n(plain.begin(), segment.size, block.begin());
    } else if (segment.content == Content::run) {
      std::fill_n(block.begin(), segment.size, plain.front());
    }
    plain = plain.subspan(plain_size(segment));
    block = block.subspan(segment.size);
  }
}

std::vector<Segment> segments_of(unsigned level, std::span<const std::uint8_t> block) {
  std::vector<Segment> segments = detect_content(block);
  if (level >= kFirstStrongContextLevel) segments = choose_sets(block, segments);
  for (Segment& segment : segments) {
    if (segment.content == Content::image && !has_whole_rows(segment)) segment.width = 0;
  }
  return segments;
}

Result<std::size_t> encode_segments(const CmHeader& header, Bytes block, Isa isa,
                                    MutableBytes output) {
  std::vector<std::byte> head = write_cm_header(header);
  append_plain(head, block, header.segments);
  if (head.size() > output.size()) return Fault::output_too_small;
  std::ranges::copy(head, output.begin());
  if (std::ranges::none_of(header.segments, is_predicted)) return head.size();

  std::span<const std::uint8_t> seen = values_of(block);
  std::vector<std::uint8_t> filtered;
  if (std::ranges::any_of(header.segments, is_filtered)) {
    filtered.assign(seen.begin(), seen.end());
    filter(filtered, header.segments);
    seen = filtered;
  }
  const MutableBytes room = output.subspan(head.size());
  RangeEncoder encoder(room);
  with_model(header.level, seen, isa, [&](auto& model) {
    return for_each_byte(model, header.segments, [&](std::size_t position) {
      encode_byte(model, seen[position], encoder);
      return encoder.position() <= room.size();
    });
  });
  const Result<std::size_t> coded = encoder.finish();
  if (!coded) return coded.error();
  return head.size() + coded.value();
}

bool decode_segments(const ParsedCmHeader& parsed, Bytes encoded, Isa isa, MutableBytes block) {
  const std::vector<Segment>& segments = parsed.header.segments;
  const std::size_t plain = plain_size(segments);
  encoded = encoded.subspan(parsed.size);
  if (plain > encoded.size()) return false;
  place_plain(encoded.first(plain), block, segments);
  encoded = encoded.subspan(plain);
  if (std::ranges::none_of(segments, is_predicted)) return encoded.empty();

  const std::span<std::uint8_t> seen = values_of(block);
  RangeDecoder decoder(encoded);
  with_model(parsed.header.level, seen, isa, [&](auto& model) {
    return for_each_byte(model, segments, [&](std::size_t position) {
      seen[position] = decode_byte(model, decoder);
      return true;
    });
  });
  undo_filter(seen, segments);
  return decoder.whole();
}

}  // namespace

std::size_t ContextMixingCoder::bound(std::size_t size) { return size + kCmShortHeader; }

// What does not shrink is stored whole, and so is a block whose segments would be refused: whatever
// a finder guesses, the bytes come back.
Result<std::size_t> ContextMixingCoder::encode(Bytes block, MutableBytes output) {
  if (block.empty()) return std::size_t{0};
  const CmHeader stored{.level = level_,
                        .segments = {{.content = Content::stored, .size = block.size()}}};
  const std::size_t stored_size = write_cm_header(stored).size() + block.size();
  const CmHeader header{.level = level_, .segments = segments_of(level_, values_of(block))};
  if (!read_cm_header(write_cm_header(header), block.size())) {
    return encode_segments(stored, block, isa_, output);
  }
  const Result<std::size_t> written =
      encode_segments(header, block, isa_, output.first(std::min(output.size(), stored_size)));
  return written ? written : encode_segments(stored, block, isa_, output);
}

Result<std::size_t> ContextMixingCoder::decode(Bytes encoded, MutableBytes block) {
  if (block.empty()) return encoded.empty() ? Result<std::size_t>(0u) : Fault::corrupt_input;
  const Result<ParsedCmHeader> parsed = read_cm_header(encoded, block.size());
  if (!parsed) return parsed.error();
  if (!decode_segments(parsed.value(), encoded, isa_, block)) return Fault::corrupt_input;
  return block.size();
}

double ContextMixingCoder::ideal_bits(Bytes block) {
  CodeLengthMeter meter;
  const std::vector<Segment> segments = segments_of(level_, values_of(block));
  std::vector<std::uint8_t> seen(values_of(block).begin(), values_of(block).end());
  filter(seen, segments);
  with_model(level_, seen, isa_, [&](auto& model) {
    return for_each_byte(model, segments, [&](std::size_t position) {
      encode_byte(model, seen[position], meter);
      return true;
    });
  });
  return meter.bits() + 8.0 * static_cast<double>(plain_size(segments));
}

// What filters change is changed in a copy of the block.
std::uint64_t ContextMixingCoder::memory_bytes(unsigned level, std::size_t size) {
  return size + (level < kFirstStrongContextLevel
                     ? FastModel::bytes(fast_size(level, size))
                     : StrongModel::bytes(StrongModel::Size::of_level(level, size)) +
                           SamplePredictor::bytes(size));
}

}  // namespace evalzip
