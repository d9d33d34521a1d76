#include "codecs/llm/llama2c.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "codecs/little_endian.h"
#include "codecs/llm/llama2c_tokenizer.h"
#include "codecs/llm/model_error.h"

namespace evalzip {
namespace {

constexpr std::uint32_t kMagic = 0x616b3432;  // "ak42", of versions 1 and later
constexpr std::size_t kHeaderFields = 7;
constexpr std::size_t kLaterHeaderBytes = 256;
constexpr std::int32_t kMostOfAnything = 1 << 24;  // keeps products of three in 64 bits

struct Shape {
  std::uint64_t width, hidden, layers, heads, kv_heads, vocabulary, context;
  bool shared_classifier = false;
  std::size_t header_bytes = 0;
  bool norms_first = false;  // version 1's order of the weights

  std::uint64_t head_width() const { return width / heads; }
  std::uint64_t kv_width() const { return head_width() * kv_heads; }
};

[[noreturn]] void refuse(const Llama2cFiles& files, const std::string& what) {
  throw ModelError(fmt::format("{}: {}; name a checkpoint of llama2.c, version 0 or 1",
                               files.checkpoint_name, what));
}

Shape parse_fields(const Llama2cFiles& files, std::size_t offset) {
  std::array<std::int32_t, kHeaderFields> fields{};
  for (std::int32_t& field : fields) {
    field = load_little_endian<std::int32_t>(files.checkpoint, offset);
    offset += sizeof(field);
  }
  std::int32_t& vocabulary = fields[5];
  // Version 0 marks a classifier of its own by a negative vocabulary.
  const bool shared = vocabulary > 0;
  if (!shared && vocabulary > -kMostOfAnything) vocabulary = -vocabulary;
  for (const std::int32_t field : fields) {
    if (field <= 0 || field > kMostOfAnything) {
      refuse(files, fmt::format("a size in its header is {}", field));
    }
  }
  const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(fields[i]); };
  Shape shape{at(0), at(1), at(2), at(3), at(4), at(5), at(6)};
  shape.shared_classifier = shared;
  if (shape.width % shape.heads != 0 || shape.heads % shape.kv_heads != 0 ||
      shape.head_width() % 2 != 0) {
    refuse(files, fmt::format("width {}, {} heads and {} key-value heads do not go together",
                              shape.width, shape.heads, shape.kv_heads));
  }
  return shape;
}

Shape parse_header(const Llama2cFiles& files) {
  const Bytes bytes = files.checkpoint;
  if (bytes.size() < kLaterHeaderBytes) {
    refuse(files, fmt::format("it has {} bytes, fewer than a header", bytes.size()));
  }
  if (load_little_endian<std::uint32_t>(bytes) != kMagic) {
    Shape shape = parse_fields(files, 0);
    shape.header_bytes = kHeaderFields * sizeof(std::int32_t);
    return shape;
  }
  const auto version = load_little_endian<std::int32_t>(bytes, 4);
  if (version != 1) refuse(files, fmt::format("its version is {}", version));
  Shape shape = parse_fields(files, 8);
  shape.shared_classifier = bytes[8 + kHeaderFields * sizeof(std::int32_t)] != std::byte{0};
  shape.header_bytes = kLaterHeaderBytes;
  shape.norms_first = true;
  return shape;
}

// Weights of one kind: of each layer, or of the whole model.
struct Weights {
  const char* name;  // in GGUF, after "blk.N." if per layer; null for what GGUF does not hold
  bool per_layer;
  std::uint64_t rows, columns;  // rows 0: a vector
};

std::vector<Weights> order_of_weights(const Shape& s) {
  const Weights embedding{"token_embd.weight", false, s.vocabulary, s.width};
  const Weights attention_norm{"attn_norm.weight", true, 0, s.width};
  const Weights ffn_norm{"ffn_norm.weight", true, 0, s.width};
  const Weights last_norm{"output_norm.weight", false, 0, s.width};
  const Weights attention[] = {{"attn_q.weight", true, s.width, s.width},
                               {"attn_k.weight", true, s.kv_width(), s.width},
                               {"attn_v.weight", true, s.kv_width(), s.width},
                               {"attn_output.weight", true, s.width, s.width}};
  const Weights ffn[] = {{"ffn_gate.weight", true, s.hidden, s.width},
                         {"ffn_down.weight", true, s.width, s.hidden},
                         {"ffn_up.weight", true, s.hidden, s.width}};
  // Cosines and sines of the rotations, which version 0 stores.
  const Weights rotation{nullptr, false, s.context, s.head_width() / 2};
  std::vector<Weights> order;
  const auto add = [&](std::initializer_list<Weights> some) {
    order.insert(order.end(), some.begin(), some.end());
  };
  if (s.norms_first) {
    add({attention_norm, ffn_norm, last_norm, embedding});
  } else {
    add({embedding, attention_norm});
  }
  add({attention[0], attention[1], attention[2], attention[3]});
  if (!s.norms_first) add({ffn_norm});
  add({ffn[0], ffn[1], ffn[2]});
  if (!s.norms_first) add({last_norm, rotation, rotation});
  if (!s.shared_classifier) add({{"output.weight", false, s.vocabulary, s.width}});
  return order;
}

void add_tensors(const Llama2cFiles& files, const Shape& shape, GgufWriter& writer) {
  Bytes rest = files.checkpoint.subspan(shape.header_bytes);
  for (const Weights& weights : order_of_weights(shape)) {
    const std::uint64_t size =
        std::max<std::uint64_t>(weights.rows, 1) * weights.columns * sizeof(float);
    for (std::uint64_t layer = 0; layer < (weights.per_layer ? shape.layers : 1); ++layer) {
      if (size > rest.size()) {
        refuse(files, fmt::format("its weights end {} bytes early", size - rest.size()));
      }
      const Bytes bytes = rest.first(size);
      rest = rest.subspan(size);
      if (weights.name == nullptr) continue;
      const std::array<std::uint64_t, 2> dimensions = {weights.rows, weights.columns};
      writer.add_tensor(
          weights.per_layer ? fmt::format("blk.{}.{}", layer, weights.name) : weights.name,
          TensorType::f32, std::span(dimensions).last(weights.rows == 0 ? 1 : 2), bytes);
    }
  }
  if (!rest.empty()) refuse(files, fmt::format("{} bytes follow its weights", rest.size()));
}

void add_hyperparameters(const Llama2cFiles& files, const Shape& shape, GgufWriter& writer) {
  const auto number = [&](const char* key, std::uint64_t value) {
    writer.add(key, static_cast<std::uint32_t>(value));
  };
  writer.add("general.architecture", "llama");
  writer.add("general.name", files.model_name);
  number("general.file_type", 0);  // all F32
  number("llama.context_length", shape.context);
  number("llama.embedding_length", shape.width);
  number("llama.block_count", shape.layers);
  number("llama.feed_forward_length", shape.hidden);
  number("llama.attention.head_count", shape.heads);
  number("llama.attention.head_count_kv", shape.kv_heads);
  number("llama.rope.dimension_count", shape.head_width());
  number("llama.vocab_size", shape.vocabulary);
  writer.add("llama.rope.freq_base", 10000.0f);
  writer.add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
}

}  // namespace

void import_llama2c(const Llama2cFiles& files, const ByteSink& sink) {
  const Shape shape = parse_header(files);
  GgufWriter writer;
  add_hyperparameters(files, shape, writer);
  add_llama2c_tokenizer(files.tokenizer, files.tokenizer_name, shape.vocabulary, writer);
  add_tensors(files, shape, writer);
  writer.write(sink);
}

}  // namespace evalzip
