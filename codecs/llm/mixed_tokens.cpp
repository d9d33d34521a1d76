#include "codecs/llm/mixed_tokens.h"

#include <array>

#include "codecs/llm/mixed_bits.h"

namespace evalzip {
namespace {

// Whether the byte is a token's first: what the guest says of it is worth something else then.
constexpr unsigned kGuests = 2;

template <class Encoder>
void encode_byte(StrongModel& model, std::uint8_t byte, const TokenLaneWriter& lane,
                 Encoder& encoder) {
  const ByteGuess& guess = lane.next();
  for (unsigned i = 0; i < guess.odds.size(); ++i) {
    const bool bit = bit_of(byte, i);
    model.predict_with(guess.odds[i], lane.at_first() ? 1 : 0);
    if ((guess.certain >> (7 - i) & 1u) == 0) {
      encoder.put_bit(bit, model.probability_of_one(), StrongModel::kProbabilityBits);
    }
    model.learn(bit);
  }
}

std::uint8_t decode_byte(StrongModel& model, TokenLaneReader& lane, RangeDecoder& decoder) {
  const unsigned kind = lane.at_first() ? 1 : 0;
  TokenWalk& walk = lane.walk();
  unsigned byte = 0;
  for (unsigned i = 0; i < 8; ++i) {
    model.predict_with(walk.log_odds(), kind);
    const std::optional<bool> certain = walk.certain_bit();
    const bool bit =
        certain ? *certain
                : decoder.get_bit(model.probability_of_one(), StrongModel::kProbabilityBits);
    model.learn(bit);
    walk.take_bit(bit);
    byte = 2 * byte + (bit ? 1 : 0);
  }
  return static_cast<std::uint8_t>(byte);
}

// Whether the token ends behind the byte just coded, where that is open.
template <class Encoder>
void encode_end(TokenEndModel& ends, TokenLaneWriter& lane, Encoder& encoder) {
  if (!lane.asks()) return;
  const bool end = lane.ends();
  ends.predict(lane.place());
  encoder.put_bit(end, ends.probability_of_one(), TokenEndModel::kProbabilityBits);
  ends.update(end);
  if (end) lane.end_token();
}

void decode_end(TokenEndModel& ends, TokenLaneReader& lane, RangeDecoder& decoder) {
  if (!lane.asks()) return;
  ends.predict(lane.place());
  const bool end = decoder.get_bit(ends.probability_of_one(), TokenEndModel::kProbabilityBits);
  ends.update(end);
  if (end) lane.end_token();
}

}  // namespace

template <class Use>
void MixedTokens::for_each_section(Bytes text, const Use& use) const {
  evalzip::for_each_section(values_of_text(text), options_, {runner_.kernels().isa, kGuests}, use);
}

std::span<const std::uint8_t> MixedTokens::prefix() const {
  return values_of_text(runner_.model().tokenizer->prefix());
}

TokenContext MixedTokens::context(std::size_t lane, std::size_t text_size) {
  const std::size_t longest =
      MixedSection::lane_bytes(text_size, options_.segments) + prefix().size();
  KeyValueCache& cache = runner_.cache(lane, positions_taken(options_.positions, longest));
  return {cache, runner_.model().tokenizer->begin_symbol().value_or(0), options_.positions};
}

std::vector<TokenLaneWriter> MixedTokens::writers(const MixedSection& section,
                                                  std::size_t text_size) {
  const Tokenizer& tokenizer = *runner_.model().tokenizer;
  std::vector<TokenLaneWriter> lanes;
  for (std::size_t i = 0; i < section.lanes(); ++i) {
    std::vector<std::uint8_t> text(prefix().begin(), prefix().end());
    text.insert(text.end(), section[i].begin(), section[i].end());
    std::vector<std::uint32_t> sizes;
    for (const Symbol token : tokenizer.encode(std::as_bytes(section[i]))) {
      sizes.push_back(static_cast<std::uint32_t>(tokenizer.bytes_of(token).size()));
    }
    lanes.emplace_back(vocabulary_, context(i, text_size), std::move(text), sizes);
  }
  return lanes;
}

std::vector<TokenLaneReader> MixedTokens::readers(const MixedSection& section,
                                                  std::size_t text_size) {
  std::vector<TokenLaneReader> lanes;
  for (std::size_t i = 0; i < section.lanes(); ++i) {
    lanes.emplace_back(vocabulary_, context(i, text_size));
  }
  return lanes;
}

void MixedTokens::read_ahead(std::span<TokenLaneWriter> lanes, LlmCodeLength& length) {
  struct Target {
    TokenLaneWriter* lane;
    std::size_t token;
    double bits;
  };
  const TransformerShape& shape = runner_.model().weights.shape();
  std::vector<Target> targets;
  RowBatch batch;
  for (TokenLaneWriter& lane : lanes) {
    for (; lane.has_room(); batch.aim(targets.size() - 1)) {
      targets.push_back({&lane, lane.predicted(), 0});
      lane.append_rows(batch.rows);
    }
  }
  for (const TokenRow& row : batch.rows) {
    length.multiply_adds += shape.multiply_adds(row.position, row.predicts);
  }
  batch.run(runner_, [&](std::size_t i, const Logits& logits, unsigned thread) {
    OfThread& own = of_threads_[thread];
    own.counts.assign(logits, vocabulary_, runner_.kernels().rows, own.scratch);
    targets[i].bits = targets[i].lane->predict(targets[i].token, own.counts);
  });
  for (const Target& target : targets) length.model_bits += target.bits;
}

template <class Encoder, class GoOn>
std::optional<LlmCodeLength> MixedTokens::encode_with(Bytes text, Encoder& encoder,
                                                      const GoOn& go_on) {
  LlmCodeLength length;
  TokenEndModel ends(runner_.kernels().isa);
  bool going = true;
  for_each_section(text, [&](MixedSection& section, StrongModel& model) {
    std::vector<TokenLaneWriter> lanes = writers(section, text.size());
    for (TokenLaneWriter& lane : lanes) length.tokens += lane.tokens();
    for (const std::uint8_t byte : prefix()) {
      for (TokenLaneWriter& lane : lanes) {
        if (lane.wants_rows()) read_ahead(lanes, length);
        lane.take(byte);
        encode_end(ends, lane, encoder);
      }
    }
    for (std::size_t step = 0; step < section.longest() && going; ++step) {
      section.code_step(step, model, [&](std::size_t i) {
        const std::uint8_t byte = section[i][step];
        if (lanes[i].wants_rows()) read_ahead(lanes, length);
        encode_byte(model, byte, lanes[i], encoder);
        lanes[i].take(byte);
        if (step + 1 < section[i].size()) encode_end(ends, lanes[i], encoder);
        going = going && go_on();
      });
    }
    return going;
  });
  return going ? std::optional(length) : std::nullopt;
}

std::optional<LlmCodeLength> MixedTokens::encode(Bytes text, RangeEncoder& encoder,
                                                 std::size_t most) {
  MeteredEncoder metered{encoder, {}};
  auto length = encode_with(text, metered, [&] { return encoder.position() <= most; });
  if (length) length->count_bits = metered.meter.bits();
  return length;
}

LlmCodeLength MixedTokens::measure(Bytes text) {
  CodeLengthMeter meter;
  auto length = encode_with(text, meter, [] { return true; });
  length->count_bits = meter.bits();
  return *length;
}

void MixedTokens::read_on(const MixedSection& section, std::size_t step,
                          std::span<TokenLaneReader> lanes) {
  RowBatch batch;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    if (step >= section[i].size() || !lanes[i].wants_rows()) continue;
    lanes[i].append_rows(batch.rows);
    batch.aim(i);
  }
  if (batch.rows.empty()) return;
  batch.run(runner_, [&](std::size_t i, const Logits& logits, unsigned thread) {
    lanes[i].predict(logits, runner_.kernels().rows, of_threads_[thread].scratch);
  });
}

void MixedTokens::decode(MutableBytes text, RangeDecoder& decoder) {
  TokenEndModel ends(runner_.kernels().isa);
  for_each_section(text, [&](MixedSection& section, StrongModel& model) {
    std::vector<TokenLaneReader> lanes = readers(section, text.size());
    for (const std::uint8_t byte : prefix()) {
      read_on(section, 0, lanes);
      for (TokenLaneReader& lane : lanes) {
        lane.take(byte);
        decode_end(ends, lane, decoder);
      }
    }
    for (std::size_t step = 0; step < section.longest(); ++step) {
      read_on(section, step, lanes);
      section.code_step(step, model, [&](std::size_t i) {
        const std::uint8_t byte = decode_byte(model, lanes[i], decoder);
        text[section.place(i, step)] = static_cast<std::byte>(byte);
        lanes[i].take(byte);
        if (step + 1 < section[i].size()) decode_end(ends, lanes[i], decoder);
      });
    }
    return true;
  });
}

std::uint64_t MixedTokens::memory_bytes(const TransformerShape& shape, const MixedOptions& options,
                                        std::size_t size) {
  constexpr std::uint64_t kBytesOfATokenAhead = 256, kBytesOfAByte = 16;
  const std::uint64_t bytes = MixedSection::lane_bytes(size, options.segments);
  const std::uint64_t positions = positions_taken(options.positions, bytes + 1);
  const std::uint64_t lane = KeyValueCache::bytes(shape, positions) + positions * 16 +
                             kBytesOfAByte * bytes + TokenLaneWriter::kAhead * kBytesOfATokenAhead;
  const std::uint64_t counts =
      std::max<std::uint64_t>(options.segments, options.threads) + options.threads;
  return options.segments * lane + counts * SortedCounts::bytes(shape.vocabulary) +
         TokenEndModel::bytes() +
         StrongModel::bytes(StrongModel::Size::of_level(options.level, size), kGuests);
}

}  // namespace evalzip
