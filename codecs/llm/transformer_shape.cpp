#include "codecs/llm/transformer_shape.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "codecs/llm/model_error.h"

namespace evalzip {
namespace {

struct Family {
  std::string_view name;  // general.architecture
  TransformerShape::Norm norm;
  TransformerShape::FeedForward feed_forward;
  TransformerShape::Positions positions;
};

constexpr std::array kFamilies{
    Family{"llama", TransformerShape::Norm::rms, TransformerShape::FeedForward::swiglu,
           TransformerShape::Positions::rotary_pairs},
    Family{"qwen2", TransformerShape::Norm::rms, TransformerShape::FeedForward::swiglu,
           TransformerShape::Positions::rotary},
    Family{"qwen3", TransformerShape::Norm::rms, TransformerShape::FeedForward::swiglu,
           TransformerShape::Positions::rotary},
    Family{"byte-llama", TransformerShape::Norm::rms, TransformerShape::FeedForward::swiglu,
           TransformerShape::Positions::rotary},
    Family{"gpt2", TransformerShape::Norm::layer, TransformerShape::FeedForward::gelu,
           TransformerShape::Positions::learned}};

// Limits that keep every size computed from them, and every int32 sum, in range.
constexpr std::uint64_t kMostWidth = 1 << 16, kMostLayers = 1 << 10, kMostHeadSize = 256;
// A window that slides keeps a quarter of the context.
constexpr std::uint64_t kLeastContext = 4;
constexpr std::uint64_t kMostVocabulary = 1 << 20, kMostContext = 1 << 20;

class Reader {
 public:
  explicit Reader(const ModelFile& file)
      : file_(file), architecture_(file.metadata().text("general.architecture")) {}

  const Family& family() const {
    std::string known;
    for (const Family& family : kFamilies) {
      if (family.name == architecture_) return family;
      known += fmt::format("{}{}", known.empty() ? "" : ", ", family.name);
    }
    refuse(
        fmt::format("the architecture '{}' is not supported; supported: {}", architecture_, known));
  }

  std::size_t size(std::string_view key, std::uint64_t most) const {
    return checked(key, file_.metadata().whole_number(full(key)), most);
  }
  std::size_t size_or(std::string_view key, std::size_t otherwise, std::uint64_t most) const {
    const auto value = file_.metadata().find_whole_number(full(key));
    return value ? checked(key, *value, most) : otherwise;
  }
  double number(std::string_view key) const { return file_.metadata().number(full(key)); }
  double number_or(std::string_view key, double otherwise) const {
    return file_.metadata().find_number(full(key)).value_or(otherwise);
  }
  std::string_view text_or(std::string_view key, std::string_view otherwise) const {
    return file_.metadata().find_text(full(key)).value_or(otherwise);
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw ModelError(fmt::format("{}: {}", file_.name(), why));
  }

 private:
  std::string full(std::string_view key) const { return fmt::format("{}.{}", architecture_, key); }

  std::size_t checked(std::string_view key, std::uint64_t value, std::uint64_t most) const {
    if (value == 0 || value > most) {
      refuse(fmt::format("{} is {}, where 1 to {} are supported", full(key), value, most));
    }
    return value;
  }

  const ModelFile& file_;
  std::string architecture_;
};

std::size_t vocabulary_of(const Reader& reader, const ModelFile& file) {
  const std::uint64_t rows = file.tensor("token_embd.weight").rows();
  if (rows < 2 || rows > kMostVocabulary) {
    reader.refuse(fmt::format("{} tokens, where 2 to {} are supported", rows, kMostVocabulary));
  }
  return rows;
}

void read_positions(const Reader& reader, TransformerShape& shape) {
  if (shape.positions == TransformerShape::Positions::learned) return;
  shape.rotated = reader.size_or("rope.dimension_count", shape.head_size, shape.head_size);
  if (shape.rotated % 2 != 0) reader.refuse("an odd number of dimensions is rotated");
  shape.rope_base = reader.number_or("rope.freq_base", 10000);
  if (!(shape.rope_base >= 1 && shape.rope_base <= 1e12)) {
    reader.refuse(
        fmt::format("rope.freq_base is {}, where 1 to 1e12 are supported", shape.rope_base));
  }
  const std::string_view scaling = reader.text_or("rope.scaling.type", "none");
  if (scaling == "linear") {
    const double factor = reader.number("rope.scaling.factor");
    if (!(factor >= 1 && factor <= 1e6)) reader.refuse("rope.scaling.factor is not in 1 to 1e6");
    shape.rope_position_scale = 1 / factor;
  } else if (scaling != "none") {
    reader.refuse(
        fmt::format("RoPE scaling of type '{}' is not supported; supported: none, linear, and the "
                    "factors of a tensor rope_freqs.weight",
                    scaling));
  }
}

}  // namespace

std::uint64_t TransformerShape::multiply_adds(std::uint64_t position, bool predicts) const {
  const std::uint64_t feed = feed_forward == FeedForward::swiglu ? 3 : 2;
  const std::uint64_t weights = width * (2 * query_width() + 2 * key_width() + feed * hidden);
  const std::uint64_t attention = 2 * query_width() * (position + 1);
  return layers * (weights + attention) + (predicts ? std::uint64_t{width} * vocabulary : 0);
}

TransformerShape read_transformer_shape(const ModelFile& file) {
  const Reader reader(file);
  const Family& family = reader.family();
  TransformerShape shape{.architecture = std::string(family.name),
                         .norm = family.norm,
                         .feed_forward = family.feed_forward,
                         .positions = family.positions};
  shape.width = reader.size("embedding_length", kMostWidth);
  shape.layers = reader.size("block_count", kMostLayers);
  shape.heads = reader.size("attention.head_count", kMostWidth);
  shape.key_heads = reader.size_or("attention.head_count_kv", shape.heads, shape.heads);
  shape.head_size =
      reader.size_or("attention.key_length", shape.width / shape.heads, kMostHeadSize);
  shape.hidden = reader.size("feed_forward_length", kMostWidth);
  shape.context = reader.size("context_length", kMostContext);
  if (shape.context < kLeastContext) {
    reader.refuse(fmt::format("a context of {} is too short, there must be {} at least",
                              shape.context, kLeastContext));
  }
  shape.vocabulary = vocabulary_of(reader, file);
  const bool rms = shape.norm == TransformerShape::Norm::rms;
  shape.epsilon = static_cast<float>(
      reader.number(rms ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon"));
  if (!(shape.epsilon > 0 && shape.epsilon < 1))
    reader.refuse("the epsilon of norms is not in (0, 1)");
  if (shape.heads % shape.key_heads != 0 || shape.head_size == 0 || shape.head_size % 4 != 0) {
    reader.refuse(fmt::format("{} heads of {} and {} of keys do not go together", shape.heads,
                              shape.head_size, shape.key_heads));
  }
  read_positions(reader, shape);
  return shape;
}

}  // namespace evalzip
