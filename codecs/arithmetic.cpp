#include "codecs/arithmetic.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

#include "codecs/alphabet.h"
#include "codecs/arithmetic_streams.h"
#include "codecs/bit_models.h"
#include "codecs/context_models.h"
#include "codecs/quasi_static_model.h"
#include "codecs/static_model.h"
#include "codecs/symbol_tree.h"

namespace evalzip {
namespace {

using Pace = QuasiStaticModel::Pace;

// The first byte of an encoding: its kind, and for a coded block the settings that it was made
// with.
enum class Kind : std::uint8_t { stored, run, coded };

std::byte first_byte(Kind kind, ArithmeticSettings settings) {
  const unsigned what = static_cast<unsigned>(settings.model) << 4 | settings.order << 2;
  return static_cast<std::byte>((kind == Kind::coded ? what : 0u) | static_cast<unsigned>(kind));
}

constexpr Translation kIdentity = [] {
  Translation same{};
  std::iota(same.begin(), same.end(), std::uint8_t{0});
  return same;
}();

std::span<const std::uint8_t> values_of(Bytes bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
std::span<std::uint8_t> values_of(MutableBytes bytes) {
  return {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

// Blocks of this many symbols and more are dealt out to several coders. A decoder of order 0 waits
// for divisions, which more coders hide; one of a higher order waits for contexts, which they do
// not.
constexpr std::size_t kFewestForStreams = 4096;
constexpr std::size_t kStreams = 4, kStreamsOfOrder0 = 5;

// Beside the symbols, all that the decoder must know to make the models.
struct ModelFacts {
  bool encode_only = false;  // what it is for; not written
  std::size_t alphabet_size = 0;
  Pace pace = Pace::following;
  StaticModel::Widths widths{};
};

// Calls `use` with the models that the settings ask for; they live in the arena.
template <class Model, class Use>
auto with_order(unsigned order, const Model& prototype, Arena& arena, Use use) {
  if (order == 2) return use(ContextModels<Model, 2>(prototype, arena));
  if (order == 1) return use(ContextModels<Model, 1>(prototype, arena));
  return use(ContextModels<Model, 0>(prototype, arena));
}

template <class Use>
auto with_models(ArithmeticSettings settings, const ModelFacts& facts, Arena& arena, Use use) {
  const std::size_t size = facts.alphabet_size;
  switch (settings.model) {
    case ArithmeticModel::fixed:
      return use(ContextModels<StaticModel, 0>(StaticModel(facts.widths, size), arena));
    case ArithmeticModel::binary:
      return with_order(settings.order, SymbolTree<AdaptiveBit>(size), arena, use);
    case ArithmeticModel::kt:
      return with_order(settings.order, SymbolTree<KtBit>(size), arena, use);
    case ArithmeticModel::adaptive:
      break;
  }
  QuasiStaticModel model(static_cast<std::uint32_t>(size), facts.pace);
  if (facts.encode_only) model.encode_only();
  return with_order(settings.order, model, arena, use);
}

// Calls `use` with the number of coders as a constant.
template <class Use>
auto with_coders(std::size_t symbols, unsigned order, Use use) {
  if (symbols < kFewestForStreams) return use(std::integral_constant<std::size_t, 1>());
  if (order == 0) return use(std::integral_constant<std::size_t, kStreamsOfOrder0>());
  return use(std::integral_constant<std::size_t, kStreams>());
}

Alphabet alphabet_of(Bytes block, ArithmeticSettings settings) {
  Alphabet alphabet(block);
  if (settings.model == ArithmeticModel::adaptive) alphabet.extend();
  return alphabet;
}

// The better pace, judged by a piece from the middle: what its second half costs after the first.
Pace better_pace(ArithmeticSettings settings, ModelFacts facts, SymbolSource symbols,
                 Arena& arena) {
  constexpr std::size_t kLeastPiece = 1 << 12, kMostPiece = 1 << 16;
  if (symbols.size() < kLeastPiece) return Pace::following;
  const std::size_t half = std::clamp(symbols.size() / 16, kLeastPiece, kMostPiece) / 2;
  const auto piece = symbols.bytes.subspan((symbols.size() - 2 * half) / 2, 2 * half);
  const auto cost = [&](Pace pace) {
    facts.pace = pace;
    return with_models(settings, facts, arena, [&](auto contexts) {
      std::array<RangeEncoder, 1> nowhere;
      encode_in_turn({piece.first(half), symbols.symbol_of}, contexts, nowhere);
      const std::size_t before = nowhere[0].position();
      encode_in_turn({piece.last(half), symbols.symbol_of}, contexts, nowhere);
      return nowhere[0].position() - before;
    });
  };
  return cost(Pace::steady) <= cost(Pace::following) ? Pace::steady : Pace::following;
}

ModelFacts facts_of(ArithmeticSettings settings, std::size_t alphabet_size, SymbolSource symbols,
                    Arena& arena) {
  ModelFacts facts{.encode_only = true, .alphabet_size = alphabet_size};
  if (settings.model == ArithmeticModel::fixed) {
    std::array<std::uint64_t, 256> counts{};
    for (std::size_t i = 0; i < symbols.size(); ++i) ++counts[symbols[i]];
    facts.widths = StaticModel::widths_of({counts.data(), alphabet_size});
  } else if (settings.model == ArithmeticModel::adaptive) {
    facts.pace = better_pace(settings, facts, symbols, arena);
  }
  return facts;
}

// Headers are short: they are made in a vector and read through a cursor that cannot leave its
// span.
void append_number(std::vector<std::byte>& header, std::uint64_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    header.push_back(static_cast<std::byte>(number >> 8 * i & 0xFF));
  }
}

std::optional<std::uint64_t> take_number(Bytes& header, std::size_t size) {
  if (header.size() < size) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    number |= std::to_integer<std::uint64_t>(header[i]) << 8 * i;
  }
  header = header.subspan(size);
  return number;
}

// The lengths of streams are below the block's, so they need no more bytes than that.
std::size_t length_bytes(std::size_t block_size) {
  return (static_cast<std::size_t>(std::bit_width(block_size)) + 7) / 8;
}

// False if the lengths go beyond the input, which is left alone then.
template <std::size_t kCoders>
bool open_streams(Bytes encoded, std::size_t length_size,
                  std::array<RangeDecoder, kCoders>& decoders) {
  std::array<std::uint64_t, kCoders> lengths{};
  for (std::size_t i = 0; i + 1 < kCoders; ++i) {
    const auto length = take_number(encoded, length_size);
    if (!length) return false;
    lengths[i] = *length;
  }
  for (std::size_t i = 0; i + 1 < kCoders; ++i) {
    if (lengths[i] > encoded.size()) return false;
    decoders[i] = RangeDecoder(encoded.first(lengths[i]));
    encoded = encoded.subspan(lengths[i]);
  }
  decoders[kCoders - 1] = RangeDecoder(encoded);
  return true;
}

void append_alphabet(std::vector<std::byte>& header, const Alphabet& alphabet) {
  const std::vector<std::byte> written = alphabet.written();
  header.insert(header.end(), written.begin(), written.end());
}

std::optional<Alphabet> take_alphabet(Bytes& header) {
  std::size_t size = 0;
  std::optional<Alphabet> alphabet = Alphabet::read(header, size);
  header = header.subspan(size);
  return alphabet;
}

void append_facts(std::vector<std::byte>& header, ArithmeticSettings settings,
                  const ModelFacts& facts) {
  if (settings.model == ArithmeticModel::adaptive) {
    header.push_back(static_cast<std::byte>(facts.pace));
  }
  if (settings.model == ArithmeticModel::fixed) {
    for (std::size_t i = 0; i < facts.alphabet_size; ++i) append_number(header, facts.widths[i], 2);
  }
}

std::optional<ModelFacts> take_facts(Bytes& header, ArithmeticSettings settings,
                                     std::size_t alphabet_size) {
  ModelFacts facts{.alphabet_size = alphabet_size};
  if (settings.model == ArithmeticModel::adaptive) {
    const auto pace = take_number(header, 1);
    if (!pace || *pace > static_cast<std::uint64_t>(Pace::following)) return std::nullopt;
    facts.pace = static_cast<Pace>(*pace);
  }
  if (settings.model == ArithmeticModel::fixed) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < alphabet_size; ++i) {
      const auto width = take_number(header, 2);
      if (!width || *width == 0) return std::nullopt;
      facts.widths[i] = static_cast<std::uint16_t>(*width);
      sum += *width;
    }
    if (sum != IntervalTable::kTotal) return std::nullopt;
  }
  return facts;
}

Result<std::size_t> store(Bytes block, MutableBytes output) {
  if (output.size() < block.size() + 1) return Fault::output_too_small;
  output[0] = first_byte(Kind::stored, {});
  std::ranges::copy(block, output.begin() + 1);
  return block.size() + 1;
}

// Header and streams behind each other; output_too_small if they do not fit.
Result<std::size_t> join(const std::vector<std::byte>& header, std::span<const Bytes> streams,
                         MutableBytes output) {
  std::size_t size = header.size();
  for (const Bytes stream : streams) size += stream.size();
  if (size > output.size()) return Fault::output_too_small;
  auto at = std::ranges::copy(header, output.begin()).out;
  for (const Bytes stream : streams) at = std::ranges::copy(stream, at).out;
  return size;
}

}  // namespace

Result<std::size_t> ArithmeticBlockCoder::encode(Bytes block, MutableBytes output) {
  const Alphabet alphabet = alphabet_of(block, settings_);
  if (alphabet.distinct() == 0) return store(block, output);
  if (alphabet.distinct() == 1) {
    const std::vector<std::byte> run{first_byte(Kind::run, settings_), alphabet.byte(0)};
    return join(run, {}, output);
  }
  const MutableBytes shrunk = output.first(std::min(output.size(), block.size()));
  const Result<std::size_t> coded = encode_coded(alphabet, block, shrunk);
  return coded ? coded : store(block, output);
}

// The block itself where a symbol is one byte.
SymbolSource ArithmeticBlockCoder::symbols_of(const Alphabet& alphabet, Bytes block) {
  if (alphabet.bytes_per_symbol() == 1) return {values_of(block), alphabet.number_table()};
  symbols_.resize(alphabet.symbols_in(block.size()));
  alphabet.to_symbols(block, symbols_);
  return {symbols_, kIdentity};
}

// output_too_small if the symbols do not fit.
Result<std::size_t> ArithmeticBlockCoder::encode_coded(const Alphabet& alphabet, Bytes block,
                                                       MutableBytes output) {
  const SymbolSource symbols = symbols_of(alphabet, block);
  const ModelFacts facts = facts_of(settings_, alphabet.symbols(), symbols, arena_);
  std::vector<std::byte> header{first_byte(Kind::coded, settings_)};
  append_alphabet(header, alphabet);
  append_facts(header, settings_, facts);
  return with_coders(symbols.size(), settings_.order, [&](auto coders) -> Result<std::size_t> {
    // A symbol of a 16-bit total takes at most 16 bits, so a stream that needs more than this
    // belongs to a block that does not shrink.
    const std::size_t room = 2 * (symbols.size() / coders + 1) + 16;
    const MutableBytes rooms = room_for_streams(coders * room);
    std::array<RangeEncoder, coders> encoders;
    for (std::size_t i = 0; i < coders; ++i) {
      encoders[i] = RangeEncoder{rooms.subspan(i * room, room)};
    }
    with_models(settings_, facts, arena_,
                [&](auto contexts) { encode_in_turn(symbols, contexts, encoders); });
    std::array<Bytes, coders> streams;
    for (std::size_t i = 0; i < coders; ++i) {
      put_end_mark(encoders[i]);
      const Result<std::size_t> size = encoders[i].finish();
      if (!size) return size;
      streams[i] = rooms.subspan(i * room, size.value());
      if (i + 1 < coders) append_number(header, size.value(), length_bytes(block.size()));
    }
    return join(header, streams, output);
  });
}

// Not made anew for each call, nor filled with zeros.
MutableBytes ArithmeticBlockCoder::room_for_streams(std::size_t size) {
  if (streams_size_ < size) {
    streams_ = std::make_unique_for_overwrite<std::byte[]>(size);
    streams_size_ = size;
  }
  return {streams_.get(), size};
}

Result<std::size_t> ArithmeticBlockCoder::decode(Bytes encoded, MutableBytes block) {
  if (encoded.empty()) return Fault::corrupt_input;
  const std::byte first = encoded[0];
  encoded = encoded.subspan(1);
  if (first == first_byte(Kind::stored, settings_) && encoded.size() == block.size()) {
    std::ranges::copy(encoded, block.begin());
    return block.size();
  }
  if (block.empty()) return Fault::corrupt_input;
  if (first == first_byte(Kind::run, settings_) && encoded.size() == 1) {
    std::ranges::fill(block, encoded[0]);
    return block.size();
  }
  if (first == first_byte(Kind::coded, settings_) && decode_coded(encoded, block)) {
    return block.size();
  }
  return Fault::corrupt_input;
}

// False if the bytes are not of an encoder.
bool ArithmeticBlockCoder::decode_coded(Bytes encoded, MutableBytes block) {
  std::optional<Alphabet> alphabet = take_alphabet(encoded);
  if (!alphabet || alphabet->distinct() < 2) return false;
  if (settings_.model == ArithmeticModel::adaptive) alphabet->extend();
  const auto facts = take_facts(encoded, settings_, alphabet->symbols());
  if (!facts) return false;
  const bool direct = alphabet->bytes_per_symbol() == 1;
  if (!direct) symbols_.resize(alphabet->symbols_in(block.size()));
  const SymbolSink sink = direct ? SymbolSink{values_of(block), alphabet->byte_table()}
                                 : SymbolSink{symbols_, kIdentity};
  const bool intact = with_coders(sink.bytes.size(), settings_.order, [&](auto coders) {
    std::array<RangeDecoder, coders> decoders;
    if (!open_streams(encoded, length_bytes(block.size()), decoders)) return false;
    with_models(settings_, *facts, arena_,
                [&](auto contexts) { decode_in_turn(sink, contexts, decoders); });
    return std::ranges::all_of(decoders, ends_well);
  });
  if (intact && !direct) alphabet->to_bytes(symbols_, block);
  return intact;
}

double ArithmeticBlockCoder::ideal_bits(Bytes block) {
  const Alphabet alphabet = alphabet_of(block, settings_);
  if (alphabet.distinct() < 2) return 0;
  const SymbolSource symbols = symbols_of(alphabet, block);
  const ModelFacts facts = facts_of(settings_, alphabet.symbols(), symbols, arena_);
  const double modelled = with_models(settings_, facts, arena_, [&](auto contexts) {
    std::array<CodeLengthMeter, 1> meter;
    encode_in_turn(symbols, contexts, meter);
    return meter[0].bits();
  });
  return std::min(modelled, 8.0 * static_cast<double>(block.size()));
}

}  // namespace evalzip
