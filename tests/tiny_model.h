// Whole language models of random weights, small enough to be made by every test that needs one:
// no data are needed to hold the coder to its laws.
#pragma once

#include <cmath>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/llm/gguf_writer.h"
#include "tests/temporary_folder.h"
#include "tests/tiny_vocabularies.h"
#include "tests/written_bytes.h"

namespace evalzip {

// The architecture is one of those that evalzip knows.
struct TinyModel {
  std::string architecture = "llama";
  std::uint32_t width = 32, layers = 2, heads = 4, key_heads = 2, head_size = 8, hidden = 48;
  std::uint32_t context = 64;
  bool tied = false;        // the head is the embeddings
  std::uint32_t words = 0;  // more of them, that no text has, up to this many
  std::uint64_t seed = 1;
  float common = 4;  // the first number of embeddings; the deeper the model, the more it takes
};

// Writes one model. The first number of every embedding is large and the same, so the norm before
// the head passes it on, and the head turns it into what is likely without any context: letters and
// words more than other bytes. So text becomes shorter, though the weights are random.
class TinyModelWriter {
 public:
  explicit TinyModelWriter(const TinyModel& model)
      : model_(model), random_(model.seed), vocabulary_(vocabulary_of(model)) {}

  // Another tensor, which is a test's own; `values` live until gguf() is done.
  void add_table(const std::string& name, const std::vector<std::uint64_t>& shape,
                 std::span<const float> values) {
    writer_.add_tensor(name, TensorType::f32, shape, std::as_bytes(values));
  }

  std::vector<std::byte> gguf() {
    add_numbers();
    vocabulary_.add_to(writer_);
    add_embeddings();
    for (std::uint32_t layer = 0; layer < model_.layers; ++layer) {
      add_layer("blk." + std::to_string(layer) + ".");
    }
    add_norm("output_norm", model_.width);
    return written_bytes(writer_);
  }

 private:
  static TinyVocabulary vocabulary_of(const TinyModel& model) {
    if (model.architecture == "byte-llama") return tiny_bytes();
    if (model.architecture != "llama") {
      return tiny_gpt2({"t h", "th e", "i n", "a n", "Ġ the"}, "gpt-2");
    }
    std::vector<std::string> texts{"the", "_the", "th", "he", "in", "an", "and", "_s", "_a"};
    for (char letter = 'a'; letter <= 'z'; ++letter) texts.push_back({letter});
    texts.push_back("_");
    TinyVocabulary vocabulary = tiny_sentencepiece(texts);
    while (vocabulary.tokens.size() < model.words) {
      vocabulary.add("<extra " + std::to_string(vocabulary.tokens.size()) + ">", -1e6f);
    }
    return vocabulary;
  }

  bool bytes() const { return model_.architecture == "byte-llama"; }
  bool gpt2() const { return model_.architecture == "gpt2"; }
  std::uint64_t words() const { return vocabulary_.tokens.size(); }

  float uniform(float most) {
    return most * (static_cast<float>(random_() >> 40) * 0x1p-23f - 1.0f);
  }

  void number(const char* key, std::uint32_t value) {
    writer_.add(model_.architecture + "." + key, value);
  }

  void add_numbers() {
    writer_.add("general.architecture", model_.architecture);
    number("context_length", model_.context);
    number("embedding_length", model_.width);
    number("block_count", model_.layers);
    number("feed_forward_length", model_.hidden);
    number("attention.head_count", model_.heads);
    number("attention.head_count_kv", model_.key_heads);
    number("attention.key_length", model_.head_size);
    writer_.add(model_.architecture + (gpt2() ? ".attention.layer_norm_epsilon"
                                              : ".attention.layer_norm_rms_epsilon"),
                1e-5f);
  }

  std::vector<float>& add_tensor(const std::string& name, std::vector<std::uint64_t> shape) {
    std::uint64_t count = 1;
    for (const std::uint64_t dimension : shape) count *= dimension;
    std::vector<float>& values = tensors_.emplace_back(count);
    writer_.add_tensor(name, TensorType::f32, shape, std::as_bytes(std::span(values)));
    return values;
  }

  void add_matrix(const std::string& name, std::uint64_t rows, std::uint64_t columns) {
    const float most = std::sqrt(3.0f / static_cast<float>(columns));
    for (float& value : add_tensor(name + ".weight", {rows, columns})) value = uniform(most);
    if (!gpt2() && !(model_.architecture == "qwen2" && columns == model_.width && !in_gate(name)))
      return;
    for (float& value : add_tensor(name + ".bias", {rows})) value = uniform(0.3f);
  }

  static bool in_gate(const std::string& name) { return name.find("ffn") != std::string::npos; }

  void add_norm(const std::string& name, std::uint64_t size) {
    for (float& value : add_tensor(name + ".weight", {size})) value = 1 + uniform(0.2f);
    if (!gpt2()) return;
    for (float& value : add_tensor(name + ".bias", {size})) value = uniform(0.1f);
  }

  void add_embeddings() {
    std::vector<float>& embeddings = add_tensor("token_embd.weight", {words(), model_.width});
    for (float& value : embeddings) value = uniform(1);
    if (gpt2()) {
      for (float& value : add_tensor("position_embd.weight", {model_.context, model_.width}))
        value = uniform(0.3f);
    }
    if (bytes()) add_ngrams();
    if (model_.tied) return;
    for (std::size_t i = 0; i < embeddings.size(); i += model_.width) embeddings[i] = model_.common;
    std::vector<float>& head = add_tensor("output.weight", {words(), model_.width});
    for (std::size_t i = 0; i < head.size(); ++i) head[i] = uniform(0.2f);
    for (std::size_t t = 0; t < words(); ++t) head[t * model_.width] = is_likely(t) ? 1 : 0;
  }

  void add_ngrams() {
    for (const char* order : {"2", "5", "word"}) {
      const std::string name = std::string("ngram_embd.") + order + ".weight";
      for (float& value : add_tensor(name, {64, model_.width / 4})) value = uniform(0.2f);
    }
  }

  bool is_likely(std::size_t token) const {
    const std::string& text = vocabulary_.tokens[token];
    if (text.size() > 4) return text[0] != '<';
    return text.size() > 1 || (text[0] >= 'a' && text[0] <= 'z');
  }

  void add_layer(const std::string& layer) {
    const std::uint64_t queries = model_.heads * model_.head_size;
    const std::uint64_t keys = model_.key_heads * model_.head_size;
    add_norm(layer + "attn_norm", model_.width);
    if (gpt2()) {
      add_matrix(layer + "attn_qkv", queries + 2 * keys, model_.width);
    } else {
      add_matrix(layer + "attn_q", queries, model_.width);
      add_matrix(layer + "attn_k", keys, model_.width);
      add_matrix(layer + "attn_v", keys, model_.width);
    }
    if (model_.architecture == "qwen3") {
      add_norm(layer + "attn_q_norm", model_.head_size);
      add_norm(layer + "attn_k_norm", model_.head_size);
    }
    add_matrix(layer + "attn_output", model_.width, queries);
    add_norm(layer + "ffn_norm", model_.width);
    if (!gpt2()) add_matrix(layer + "ffn_gate", model_.hidden, model_.width);
    add_matrix(layer + "ffn_up", model_.hidden, model_.width);
    add_matrix(layer + "ffn_down", model_.width, model_.hidden);
  }

  TinyModel model_;
  std::mt19937_64 random_;
  TinyVocabulary vocabulary_;
  GgufWriter writer_;
  std::deque<std::vector<float>> tensors_;  // where they are until they are written
};

// A model's file that goes when the test does.
class TinyModelFile {
 public:
  explicit TinyModelFile(const TinyModel& model = {}) {
    write_bytes(path(), TinyModelWriter(model).gguf());
  }
  std::filesystem::path path() const { return folder_.path() / "tiny.gguf"; }

 private:
  TemporaryFolder folder_;
};

}  // namespace evalzip
