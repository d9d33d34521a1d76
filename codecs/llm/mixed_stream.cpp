#include "codecs/llm/mixed_stream.h"

#include <vector>

#include "codecs/llm/byte_tree.h"
#include "codecs/llm/mixed_bits.h"
#include "codecs/llm/token_context.h"

namespace evalzip {

// What the language model reads of each lane.
class MixedStream::Reader {
 public:
  Reader(const MixedSection& section, std::size_t text, SegmentRunner& runner,
         const MixedOptions& options)
      : shape_(runner.model().weights.shape()), section_(section) {
    const std::uint32_t symbol = runner.model().tokenizer->begin_symbol().value_or(0);
    const std::size_t longest = MixedSection::lane_bytes(text, options.segments);
    for (std::size_t i = 0; i < section.lanes(); ++i) {
      KeyValueCache& cache = runner.cache(i, positions_taken(options.positions, longest));
      contexts_.emplace_back(cache, symbol, options.positions);
    }
  }

  std::uint64_t multiply_adds() const { return multiply_adds_; }  // of the rows so far

  // Appends the rows after which the language model predicts byte `step` of the lane.
  void append_rows(std::size_t lane, std::size_t step, std::vector<TokenRow>& rows) {
    const std::size_t first = rows.size();
    if (step == 0) {
      contexts_[lane].begin(rows);
    } else {
      contexts_[lane].take(section_[lane][step - 1], rows);
    }
    for (std::size_t i = first; i < rows.size(); ++i) {
      multiply_adds_ += shape_.multiply_adds(rows[i].position, rows[i].predicts);
    }
  }

 private:
  const TransformerShape& shape_;
  const MixedSection& section_;
  std::uint64_t multiply_adds_ = 0;
  std::vector<TokenContext> contexts_;
};

template <class Use>
void MixedStream::for_each_section(Bytes text, const Use& use) {
  evalzip::for_each_section(values_of_text(text), options_, {runner_.kernels().isa, 1},
                            [&](MixedSection& section, StrongModel& model) {
                              Reader reader(section, text.size(), runner_, options_);
                              return use(section, reader, model);
                            });
}

template <class Code>
std::optional<LlmCodeLength> MixedStream::encode_with(Bytes text, const Code& code) {
  bool go_on = true;
  LlmCodeLength length{.tokens = text.size()};
  for_each_section(text, [&](MixedSection& section, Reader& reader, StrongModel& model) {
    std::vector<BitOdds> odds(section.lanes() * kStride);
    for (std::size_t begin = 0; begin < section.longest() && go_on; begin += kStride) {
      predict_stride(section, reader, begin, odds);
      for (std::size_t step = begin; step < begin + kStride; ++step) {
        section.code_step(step, model, [&](std::size_t lane) {
          const BitOdds& bits = odds[lane * kStride + step % kStride];
          go_on = code(section[lane][step], bits, model) && go_on;
          length.model_bits += bits_of(section[lane][step], bits);
        });
      }
    }
    length.multiply_adds += reader.multiply_adds();
    return go_on;
  });
  return go_on ? std::optional(length) : std::nullopt;
}

// What the language model makes of kStride bytes of each lane.
void MixedStream::predict_stride(const MixedSection& section, Reader& reader, std::size_t begin,
                                 std::vector<BitOdds>& odds) {
  RowBatch batch;
  for (std::size_t lane = 0; lane < section.lanes(); ++lane) {
    const std::size_t end = std::min(begin + kStride, section[lane].size());
    for (std::size_t step = begin; step < end; ++step) {
      reader.append_rows(lane, step, batch.rows);
      batch.aim(lane * kStride + step % kStride);
    }
    if (lane + 1 < section.lanes() && batch.rows.size() < SegmentRunner::kBatchRows) continue;
    batch.run(runner_, [&](std::size_t target, const Logits& logits, unsigned) {
      ByteTree tree;
      tree.assign(logits, runner_.kernels().rows);
      odds[target] = tree.path(section[target / kStride][begin + target % kStride]);
    });
  }
}

namespace {

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
  for_each_section(text, [&](MixedSection& section, Reader& reader, StrongModel& model) {
    for (std::size_t step = 0; step < section.longest(); ++step) {
      for (std::size_t lane = 0; lane < section.lanes(); ++lane) {
        if (step >= section[lane].size()) continue;
        reader.append_rows(lane, step, batch.rows);
        batch.aim(lane);
      }
      batch.run(runner_, [&](std::size_t lane, const Logits& logits, unsigned) {
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

std::uint64_t MixedStream::memory_bytes(const TransformerShape& shape, const MixedOptions& options,
                                        std::size_t size) {
  const std::uint64_t positions =
      positions_taken(options.positions, MixedSection::lane_bytes(size, options.segments));
  const std::uint64_t lane = KeyValueCache::bytes(shape, positions) + sizeof(StrongModel::Part) +
                             positions * 16 + kStride * sizeof(BitOdds) + sizeof(ByteTree);
  return options.segments * lane +
         StrongModel::bytes(StrongModel::Size::of_level(options.level, size), 1);
}

}  // namespace evalzip
