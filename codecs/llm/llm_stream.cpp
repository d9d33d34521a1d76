#include "codecs/llm/llm_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "codecs/llm/segment_decoder.h"
#include "codecs/llm/segment_predictor.h"
#include "codecs/llm/sha256.h"
#include "codecs/range_coder.h"

namespace evalzip {
namespace {

constexpr std::size_t kSegmentBytes = 16 << 10;
constexpr std::size_t kMostPresetSegments = 64;

// Memory of a byte of a segment while it is encoded: a quarter of a token's spelling, row,
// interval.
constexpr std::uint64_t kMemoryOfAByte = 16;

// Embeddings are read from the file as their tokens come, and stay in memory. Systems read pieces
// as large as here. The tokens of text, some of them frequent and most of them rare, come to new
// pieces ever less often: measured on English books and Wikipedia, within a tenth.
std::uint64_t embeddings_touched(std::uint64_t embedding_bytes, std::uint64_t text_bytes) {
  constexpr std::uint64_t kReadAtOnce = 64 << 10, kTextBytesOfAToken = 4;
  const std::uint64_t pieces = embedding_bytes / kReadAtOnce + 1;
  const std::uint64_t tokens = text_bytes / kTextBytesOfAToken + 1;
  const std::uint64_t touched = (pieces * tokens + pieces + tokens - 1) / (pieces + tokens);
  return std::min(embedding_bytes, touched * kReadAtOnce);
}

// The program's own pages, libraries, and what of it is small.
constexpr std::uint64_t kProgramBytes = 3'500'000;
// Of a thread: its stack, sums of products and attention.
constexpr std::uint64_t kThreadBytes = BatchProduct::kSumBytes + (256 << 10);

// Of an encoder. Tokens have a byte at least.
std::size_t batch_rows(std::size_t size) { return std::min(SegmentRunner::kBatchRows, size + 1); }

std::size_t segments_for(const LlmOptions& options, std::size_t size) {
  if (options.segments != 0) return std::min(options.segments, size);
  return std::clamp<std::size_t>(size / kSegmentBytes, 1, kMostPresetSegments);
}

std::size_t positions_for(const LlmOptions& options, const TransformerShape& shape) {
  return std::min(options.positions == 0 ? kMostPresetPositions : options.positions, shape.context);
}

// Of a coder of tokens alone. Segments are encoded one after the other, a few in a batch; decoded
// side by side, a token of each at a time, or what is left of each context where it starts anew.
std::uint64_t bytes_alone(const TransformerShape& shape, const LlmOptions& options,
                          std::size_t size) {
  const std::size_t segments = segments_for(options, size);
  const std::size_t positions = positions_for(options, shape);
  const std::uint64_t bytes = size / std::max<std::size_t>(segments, 1);
  const std::uint64_t state = KeyValueCache::bytes(shape, positions_taken(positions, bytes));
  const std::size_t rows = batch_rows(size);
  const std::size_t anew = bytes > positions ? positions / 4 + 1 : 1;
  const std::size_t open = std::min(segments, SegmentPredictor::kMostOpen);
  const std::uint64_t encoding = open * (state + bytes * kMemoryOfAByte) +
                                 Transformer::scratch_bytes(shape, positions, rows, rows);
  const std::uint64_t decoding =
      segments * state + Transformer::scratch_bytes(shape, positions,
                                                    std::min(segments * anew, rows),
                                                    std::min(segments, rows));
  return std::max(encoding, decoding) + options.threads * TokenCounts::bytes(shape.vocabulary) +
         2 * size;
}

// Of one whose model guides context mixing.
std::uint64_t bytes_mixed(const TransformerShape& shape, const Tokenizer& tokenizer,
                          const LlmOptions& options, std::size_t size) {
  const std::size_t positions = positions_for(options, shape);
  const MixedBlock::Options block{
      .segments = options.segments, .positions = positions, .threads = options.threads};
  const std::size_t predictions = MixedBlock::predictions_at_once(shape, block, size);
  return MixedBlock::memory_bytes(shape, block, size) +
         (shape.tokens_are_bytes() ? 0 : SortedVocabulary::bytes(tokenizer)) +
         Transformer::scratch_bytes(shape, positions, SegmentRunner::kBatchRows, predictions);
}

}  // namespace

void LlmCodeLength::add(const CodedToken& token) {
  ++tokens;
  model_bits += token.model_bits;
  multiply_adds += token.multiply_adds;
  count_bits +=
      std::log2(static_cast<double>(token.total) / static_cast<double>(token.interval.width));
}

LlmStream::LlmStream(std::shared_ptr<const LanguageModel> model, const LlmOptions& options,
                     const EngineKernels& kernels)
    : runner_(std::move(model), options.threads, kernels), options_(options) {
  positions_ = positions_for(options, runner_.model().weights.shape());
  counts_.resize(runner_.threads());
}

std::size_t LlmStream::bound(std::size_t size) {
  return std::max(LlmHeader::bound(size) + size, MixedBlock::bound(size));
}

bool LlmStream::mixes(const LlmOptions& options, const TransformerShape& shape) {
  if (options.mix != LlmOptions::Mix::automatic) return options.mix == LlmOptions::Mix::cm;
  return shape.tokens_are_bytes();
}

MixedBlock LlmStream::mixed() {
  return {runner_, sorted(), {.segments = options_.segments, .positions = positions_}};
}

const SortedVocabulary* LlmStream::sorted() {
  if (model().tokens_are_bytes()) return nullptr;
  if (!sorted_) sorted_.emplace(*model().tokenizer);
  return &*sorted_;
}

std::uint64_t LlmStream::segment_bytes(const ModelFile& model) {
  const TransformerShape shape = read_transformer_shape(model);
  return KeyValueCache::bytes(shape, positions_for({}, shape));
}

std::uint64_t LlmStream::memory_bytes(const ModelFile& model, const LlmOptions& options,
                                      std::size_t size) {
  const TransformerShape shape = read_transformer_shape(model);
  std::uint64_t loading = 0;  // of the file: a tensor at a time
  for (const TensorView& tensor : model.tensors()) {
    loading = std::max<std::uint64_t>(loading, tensor.bytes.size());
  }
  const std::unique_ptr<const Tokenizer> tokenizer = make_tokenizer(model.metadata());
  const std::uint64_t coding =
      embeddings_touched(TransformerWeights::mapped_bytes(model), size) +
      (mixes(options, shape) ? bytes_mixed(shape, *tokenizer, options, size)
                             : bytes_alone(shape, options, size));
  return kProgramBytes + options.threads * kThreadBytes + TransformerWeights::bytes(shape) +
         tokenizer->memory_bytes() + std::max(loading, coding);
}

std::uint32_t LlmStream::begin_symbol() const {
  return runner_.model().tokenizer->begin_symbol().value_or(0);
}

template <class Done>
void LlmStream::predict(Bytes input, std::size_t count, const Done& done) {
  assert(count > 0);
  const std::size_t longest =
      segment_of(input, count, 0).size() + model().tokenizer->prefix().size();
  SegmentPredictor predictor(runner_, counts_,
                             {.begin_symbol = begin_symbol(),
                              .positions = positions_,
                              .taken = positions_taken(positions_, longest)});
  for (std::size_t i = 0; i < count; ++i) predictor.add(spelt(segment_of(input, count, i)), done);
  predictor.run(done);
}

Result<std::size_t> LlmStream::encode(Bytes input, MutableBytes output, LlmCodeLength* length) {
  if (input.empty()) return std::size_t{0};
  if (mixes(options_, model().weights.shape())) return mixed().encode(input, output, length);
  LlmHeader header{.model = runner_.model().id, .positions = positions_, .segments = {}};
  const std::size_t count = segments_for(options_, input.size());
  std::vector<std::byte> payload;
  predict(input, count, [&](std::span<const CodedToken> tokens) {
    const Bytes segment = segment_of(input, count, header.segments.size());
    std::vector<std::byte> coded(segment.size());  // longer ones are stored
    RangeEncoder encoder(coded);
    for (const CodedToken& token : tokens) {
      encoder.put(token.interval, token.total);
      if (length != nullptr) length->add(token);
    }
    const Result<std::size_t> size = encoder.finish();
    const bool stored = !size || size.value() >= segment.size();
    const Bytes chosen = stored ? segment : Bytes(coded).first(size.value());
    header.segments.push_back({.bytes = chosen.size(), .stored = stored});
    payload.insert(payload.end(), chosen.begin(), chosen.end());
  });
  const std::vector<std::byte> head = header.written();
  if (head.size() + payload.size() > output.size()) return Fault::output_too_small;
  std::ranges::copy(payload, std::ranges::copy(head, output.begin()).out);
  return head.size() + payload.size();
}

std::vector<Symbol> LlmStream::spelt(Bytes segment) const {
  return runner_.model().tokenizer->encode(segment);
}

LlmCodeLength LlmStream::measure(Bytes input) {
  LlmCodeLength length;
  if (input.empty()) return length;
  predict(input, segments_for(options_, input.size()), [&](std::span<const CodedToken> tokens) {
    for (const CodedToken& token : tokens) length.add(token);
  });
  return length;
}

LlmCodeLength LlmStream::code_length(Bytes input) {
  return mixes(options_, model().weights.shape()) ? mixed().measure(input) : measure(input);
}

void LlmStream::check_model(const ModelId& coded_with) const {
  if (coded_with == runner_.model().id) return;
  throw WrongModel(
      fmt::format("the stream was coded with a model whose SHA-256 begins {}, and the model at "
                  "hand has {}; give "
                  "the model that it was coded with",
                  hexadecimal(coded_with), runner_.model().sha256));
}

Result<std::size_t> LlmStream::decode(Bytes input, MutableBytes output) {
  if (output.empty()) {
    if (!input.empty()) return Fault::corrupt_input;
    return std::size_t{0};
  }
  if (!input.empty() && MixedHeader::begins(input.front())) return decode_mixed(input, output);
  const std::optional<ParsedHeader> parsed = LlmHeader::read(input, output.size());
  if (!parsed) return Fault::corrupt_input;
  check_model(parsed->header.model);
  const std::size_t positions = parsed->header.positions;
  if (positions > runner_.model().weights.shape().context) return Fault::unsupported_input;
  Bytes rest = parsed->payload;
  std::vector<SegmentDecoder> decoders;
  const std::size_t count = parsed->header.segments.size();
  const std::size_t longest = segment_of(output, count, 0).size();
  const std::size_t taken =
      positions_taken(positions, longest + runner_.model().tokenizer->prefix().size());
  for (std::size_t i = 0; i < count; ++i) {
    const LlmHeader::Segment& segment = parsed->header.segments[i];
    const MutableBytes place = segment_of(output, count, i);
    const Bytes payload = rest.first(segment.bytes);
    rest = rest.subspan(segment.bytes);
    if (segment.stored) {
      std::ranges::copy(payload, place.begin());
    } else {
      decoders.emplace_back(
          *runner_.model().tokenizer, payload, place,
          TokenContext(runner_.cache(decoders.size(), taken), begin_symbol(), positions));
    }
  }
  if (!decode_in_step(decoders)) return Fault::corrupt_input;
  return output.size();
}

Result<std::size_t> LlmStream::decode_mixed(Bytes input, MutableBytes output) {
  const std::optional<MixedHeader> header = MixedHeader::read(input, output.size());
  if (!header) return Fault::corrupt_input;
  check_model(header->model);
  if (header->tokens_are_bytes != model().tokens_are_bytes()) return Fault::corrupt_input;
  return mixed().decode(*header, input, output);
}

bool LlmStream::decode_in_step(std::span<SegmentDecoder> decoders) {
  std::vector<TokenRow> rows;
  std::vector<SegmentDecoder*> owner;  // of each row
  for (SegmentDecoder& decoder : decoders) {
    decoder.begin(rows);
    owner.resize(rows.size(), &decoder);
  }
  while (!rows.empty()) {
    runner_.run(rows, [&](std::size_t row, const Logits& logits, unsigned thread) {
      counts_[thread].assign(logits, runner_.kernels().rows);
      owner[row]->decode(counts_[thread]);
    });
    rows.clear();
    owner.clear();
    for (SegmentDecoder& decoder : decoders) {
      decoder.take(rows);
      owner.resize(rows.size(), &decoder);
    }
  }
  return std::ranges::all_of(decoders, &SegmentDecoder::whole);
}

}  // namespace evalzip
