#include "codecs/llm/mixed_stream.h"

#include <cmath>
#include <vector>

#include "codecs/cm_stream.h"
#include "codecs/entropy_model.h"
#include "codecs/llm/byte_tree.h"
#include "codecs/llm/llm_header.h"
#include "codecs/llm/token_context.h"

namespace evalzip {
namespace {

// The encoder lets the language model read so many bytes of each lane before they are coded.
constexpr std::size_t kStride = 64;

// Lanes that are far apart keep the context-mixing model from following its text, and where one
// begins the language model knows nothing: measured on texts of several kinds, this is between.
constexpr std::size_t kLaneBytes = 32 << 10;

// Of the longest lane of a text.
std::size_t lane_bytes(std::size_t text, std::size_t segments) {
  return std::min(kLaneBytes, (text + segments - 1) / segments);
}

struct Lane {
  TokenContext context;
  StrongModel::Part part;
  std::span<const std::uint8_t> bytes;
};

}  // namespace

// The part of a text that is being coded, cut into lanes.
class MixedStream::Section {
 public:
  // The whole text; `begin` and `size` are of the section.
  Section(std::span<const std::uint8_t> text, std::size_t begin, SegmentRunner& runner,
          const Options& options)
      : shape_(runner.model().weights.shape()), begin_(begin) {
    const std::span section = text.subspan(begin, std::min(size_of(options), text.size() - begin));
    const std::uint32_t symbol = runner.model().tokenizer->begin_symbol().value_or(0);
    const std::size_t longest = segment_of(section, options.segments, 0).size();
    for (std::size_t i = 0; i < options.segments; ++i) {
      const std::span lane = segment_of(section, options.segments, i);
      if (lane.empty()) break;
      KeyValueCache& cache = runner.cache(
          i, positions_taken(options.positions, lane_bytes(text.size(), options.segments)));
      const ByteHistory history{.bytes = lane.data(),
                                .origin = static_cast<std::size_t>(lane.data() - text.data()),
                                .section = begin,
                                .section_end = begin + section.size(),
                                .part = longest};
      lanes_.push_back({TokenContext(cache, symbol, options.positions), {history, {}, {}}, lane});
    }
  }

  static std::size_t size_of(const Options& options) { return options.segments * kLaneBytes; }

  std::size_t lanes() const { return lanes_.size(); }
  std::size_t longest() const { return lanes_.front().bytes.size(); }
  std::span<const std::uint8_t> operator[](std::size_t lane) const { return lanes_[lane].bytes; }
  std::uint64_t multiply_adds() const { return multiply_adds_; }  // of the rows so far
  // Of a byte of a lane in the text.
  std::size_t place(std::size_t lane, std::size_t step) const {
    return begin_ + lane * longest() + step;
  }

  // Appends the rows after which the language model predicts byte `step` of the lane.
  void append_rows(std::size_t lane, std::size_t step, std::vector<TokenRow>& rows) {
    const std::size_t first = rows.size();
    if (step == 0) {
      lanes_[lane].context.begin(rows);
    } else {
      lanes_[lane].context.take(lanes_[lane].bytes[step - 1], rows);
    }
    for (std::size_t i = first; i < rows.size(); ++i) {
      multiply_adds_ += shape_.multiply_adds(rows[i].position, rows[i].predicts);
    }
  }

  // Calls code(lane) for the next byte of each lane that has one; it stands in the text afterwards.
  template <class Code>
  void code_step(std::size_t step, StrongModel& model, const Code& code) {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      if (step >= lanes_[lane].bytes.size()) continue;
      model.open(lanes_[lane].part);
      code(lane);
      model.close(lanes_[lane].part);
    }
  }

 private:
  const TransformerShape& shape_;
  std::size_t begin_;
  std::uint64_t multiply_adds_ = 0;
  std::vector<Lane> lanes_;
};

namespace {

std::span<const std::uint8_t> values_of(Bytes bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

bool bit_of(unsigned byte, unsigned index) { return (byte >> (7 - index) & 1u) != 0; }

// What the byte costs if nothing but these odds is known.
double bits_of(unsigned byte, const BitOdds& odds) {
  double bits = 0;
  for (unsigned i = 0; i < odds.size(); ++i) {
    bits += std::log2(1 + std::exp((bit_of(byte, i) ? -odds[i] : odds[i]) / 256.0));
  }
  return bits;
}

// Gathers the rows of several lanes, and knows what each is to predict.
class RowBatch {
 public:
  std::vector<TokenRow> rows;

  // The rows since the last call are for `target`.
  void aim(std::size_t target) { targets_.resize(rows.size(), target); }

  template <class Use>
  void run(SegmentRunner& runner, const Use& use) {
    runner.run(rows, [&](std::size_t row, std::span<std::int16_t> logits, unsigned) {
      use(targets_[row], logits);
    });
    rows.clear();
    targets_.clear();
  }

 private:
  std::vector<std::size_t> targets_;
};

}  // namespace

// Calls use(section, model) for each section of the text, one after the other.
template <class Use>
void MixedStream::for_each_section(std::span<const std::uint8_t> text, const Use& use) {
  StrongModel model(text.data(), StrongModel::Size::of_level(options_.level, text.size()),
                    runner_.kernels().isa, true);
  model.begin({.content = Content::text, .size = text.size()});
  for (std::size_t begin = 0; begin < text.size(); begin += Section::size_of(options_)) {
    Section section(text, begin, runner_, options_);
    if (!use(section, model)) return;
  }
}

template <class Code>
std::optional<LlmCodeLength> MixedStream::encode_with(Bytes text, const Code& code) {
  bool go_on = true;
  LlmCodeLength length{.tokens = text.size()};
  for_each_section(values_of(text), [&](Section& section, StrongModel& model) {
    std::vector<BitOdds> odds(section.lanes() * kStride);
    for (std::size_t begin = 0; begin < section.longest() && go_on; begin += kStride) {
      predict_stride(section, begin, odds);
      for (std::size_t step = begin; step < begin + kStride; ++step) {
        section.code_step(step, model, [&](std::size_t lane) {
          const BitOdds& bits = odds[lane * kStride + step % kStride];
          go_on = code(section[lane][step], bits, model) && go_on;
          length.model_bits += bits_of(section[lane][step], bits);
        });
      }
    }
    length.multiply_adds += section.multiply_adds();
    return go_on;
  });
  return go_on ? std::optional(length) : std::nullopt;
}

// What the language model makes of kStride bytes of each lane.
void MixedStream::predict_stride(Section& section, std::size_t begin, std::vector<BitOdds>& odds) {
  RowBatch batch;
  for (std::size_t lane = 0; lane < section.lanes(); ++lane) {
    const std::size_t end = std::min(begin + kStride, section[lane].size());
    for (std::size_t step = begin; step < end; ++step) {
      section.append_rows(lane, step, batch.rows);
      batch.aim(lane * kStride + step % kStride);
    }
    if (lane + 1 < section.lanes() && batch.rows.size() < SegmentRunner::kBatchRows) continue;
    batch.run(runner_, [&](std::size_t target, std::span<const std::int16_t> logits) {
      ByteTree tree;
      tree.assign(logits, runner_.kernels().rows);
      odds[target] = tree.path(section[target / kStride][begin + target % kStride]);
    });
  }
}

namespace {

// Measures what it encodes.
struct MeteredEncoder {
  RangeEncoder& encoder;
  CodeLengthMeter meter;

  void put_bit(bool bit, std::uint32_t probability_of_one, unsigned probability_bits) {
    encoder.put_bit(bit, probability_of_one, probability_bits);
    meter.put_bit(bit, probability_of_one, probability_bits);
  }
};

template <class Encoder>
void encode_byte(StrongModel& model, unsigned byte, const BitOdds& odds, Encoder& encoder) {
  for (unsigned i = 0; i < odds.size(); ++i) {
    const bool bit = bit_of(byte, i);
    model.predict_with(odds[i]);
    encoder.put_bit(bit, model.probability_of_one(), StrongModel::kProbabilityBits);
    model.learn(bit);
  }
}

std::uint8_t decode_byte(StrongModel& model, const ByteTree& tree, RangeDecoder& decoder) {
  std::uint32_t node = 1;
  while (node < 256) {
    model.predict_with(tree.log_odds(node));
    const bool bit = decoder.get_bit(model.probability_of_one(), StrongModel::kProbabilityBits);
    model.learn(bit);
    node = 2 * node + (bit ? 1 : 0);
  }
  return static_cast<std::uint8_t>(node);
}

}  // namespace

std::optional<LlmCodeLength> MixedStream::encode(Bytes text, RangeEncoder& encoder,
                                                 std::size_t most) {
  MeteredEncoder metered{encoder, {}};
  auto length = encode_with(text, [&](unsigned byte, const BitOdds& odds, StrongModel& model) {
    encode_byte(model, byte, odds, metered);
    return encoder.position() <= most;
  });
  if (length) length->count_bits = metered.meter.bits();
  return length;
}

LlmCodeLength MixedStream::measure(Bytes text) {
  CodeLengthMeter meter;
  auto length = encode_with(text, [&](unsigned byte, const BitOdds& odds, StrongModel& model) {
    encode_byte(model, byte, odds, meter);
    return true;
  });
  length->count_bits = meter.bits();
  return *length;
}

void MixedStream::decode(MutableBytes text, RangeDecoder& decoder) {
  std::vector<ByteTree> trees(options_.segments);
  RowBatch batch;
  for_each_section(values_of(text), [&](Section& section, StrongModel& model) {
    for (std::size_t step = 0; step < section.longest(); ++step) {
      for (std::size_t lane = 0; lane < section.lanes(); ++lane) {
        if (step >= section[lane].size()) continue;
        section.append_rows(lane, step, batch.rows);
        batch.aim(lane);
      }
      batch.run(runner_, [&](std::size_t lane, std::span<const std::int16_t> logits) {
        trees[lane].assign(logits, runner_.kernels().rows);
      });
      section.code_step(step, model, [&](std::size_t lane) {
        const std::uint8_t byte = decode_byte(model, trees[lane], decoder);
        text[section.place(lane, step)] = static_cast<std::byte>(byte);
      });
    }
    return true;
  });
}

std::uint64_t MixedStream::memory_bytes(const TransformerShape& shape, const Options& options,
                                        std::size_t size) {
  const std::uint64_t positions =
      positions_taken(options.positions, lane_bytes(size, options.segments));
  const std::uint64_t lane = KeyValueCache::bytes(shape, positions) + sizeof(Lane) +
                             positions * 16 + kStride * sizeof(BitOdds) + sizeof(ByteTree);
  return options.segments * lane +
         StrongModel::bytes(StrongModel::Size::of_level(options.level, size), true);
}

}  // namespace evalzip
