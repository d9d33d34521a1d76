// Any bytes as a GGUF and as a safetensors file: a model whose every byte can be read, or a
// refusal.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "codecs/llm/gguf.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/model_summary.h"
#include "codecs/llm/safetensors.h"
#include "codecs/llm/token_counts.h"
#include "codecs/llm/tokenizer.h"
#include "codecs/llm/transformer.h"

namespace evalzip {
namespace {

// Touches what a user could; sanitizers watch.
void read_all(const ModelFile& model) {
  std::uint64_t sum = 0;
  for (const TensorView& tensor : model.tensors()) {
    for (const std::byte byte : tensor.bytes) sum += std::to_integer<std::uint64_t>(byte);
    const Bytes row = tensor.row(tensor.rows() - 1);
    if (has_binary32_values(tensor.type)) {
      std::vector<float> values(tensor.columns());
      dequantise_row(tensor.type, row, values);
    }
  }
  for (const auto& [key, value] : model.metadata().all()) sum += key.size() + kind_of(value).size();
  if (sum == ~std::uint64_t{0}) std::abort();  // keeps the reads
}

void try_tokenizer(const ModelFile& model) {
  const auto tokenizer = make_tokenizer(model.metadata());
  const std::string text = "any \xff text\n";
  const Bytes bytes = std::as_bytes(std::span(text));
  const std::vector<std::byte> back = tokenizer->decode(tokenizer->encode(bytes));
  if (!std::ranges::equal(back, bytes)) std::abort();
}

// Predicts after some tokens, as the coder would.
void try_transformer(ModelFile model) {
  const TransformerWeights weights(std::move(model));
  const std::size_t positions = std::min<std::size_t>(weights.shape().context, 3);
  ThreadTeam team(1);
  Transformer transformer(weights, positions, team, preferred_engine_kernels());
  KeyValueCache cache(weights.shape(), positions);
  TokenCounts counts;
  for (std::size_t i = 0; i < positions; ++i) {
    const auto token = static_cast<std::uint32_t>(i % weights.shape().vocabulary);
    const TokenRow row{.cache = &cache, .token = token, .position = i, .predicts = true};
    transformer.run({&row, 1}, [&](std::size_t, const Logits& logits, unsigned) {
      counts.assign(logits, preferred_engine_kernels().rows);
      const Interval interval = counts.interval(token);
      if (interval.width == 0 || counts.find(interval.low) != token) std::abort();
    });
  }
}

template <class Act>
void unless_refused(Act act) {
  try {
    act();
  } catch (const ModelError&) {
    // what hostile bytes are for
  }
}

}  // namespace
}  // namespace evalzip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  unless_refused([&] { read_all(parse_safetensors(bytes, "fuzz")); });
  unless_refused([&] {
    const ModelFile model = parse_gguf(bytes, "fuzz");
    read_all(model);
    unless_refused([&] { try_tokenizer(model); });
    unless_refused([&] { summarise(model); });
    unless_refused([&] { try_transformer(parse_gguf(bytes, "fuzz")); });
  });
  return 0;
}
