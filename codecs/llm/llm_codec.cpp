// Binding: a language model and a range coder as a codec.
#include <fmt/format.h>

#include <map>

#include "codecs/codec_spec.h"
#include "codecs/llm/language_model.h"
#include "codecs/llm/llm_stream.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/sha256.h"

namespace evalzip {
namespace {

class LlmCodec final : public Codec {
 public:
  LlmCodec(std::shared_ptr<const LanguageModel> model, const LlmOptions& options)
      : stream_(std::move(model), options, preferred_engine_kernels()) {}

  std::size_t bound(std::size_t size) const override { return LlmStream::bound(size); }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    LlmCodeLength length;
    const Result<std::size_t> size = stream_.encode(input, output, &length);
    if (size && length.tokens > 0) seen_[sha256_of(input)] = length;
    return size;
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    try {
      return stream_.decode(input, output);
    } catch (const WrongModel&) {
      return Fault::unsupported_input;  // here the model was chosen, so the bytes are to blame
    }
  }

  std::optional<double> ideal_bits(Bytes input) override { return length_of(input).count_bits; }

  std::optional<std::uint64_t> model_bytes() const override { return stream_.model().file_bytes; }

  std::optional<ModelWork> model_work(Bytes input) override {
    const LlmCodeLength& length = length_of(input);
    return ModelWork{.parameters = stream_.model().parameters,
                     .multiply_adds = length.multiply_adds,
                     .cross_entropy_bits = length.model_bits};
  }

 private:
  // Of what was encoded before it is known; the model need not run again.
  const LlmCodeLength& length_of(Bytes input) {
    const Sha256 digest = sha256_of(input);
    const auto seen = seen_.find(digest);
    if (seen != seen_.end()) return seen->second;
    return seen_[digest] = stream_.code_length(input);
  }

  LlmStream stream_;
  std::map<Sha256, LlmCodeLength> seen_;
};

// Calls `act`, whose refusal of the file is the user's to hear.
template <class Act>
auto with_model(const Params& params, const Act& act) {
  const std::string& file = params.text(kModelParameter);
  if (file.empty()) {
    throw SpecError(
        "llm needs a model: write llm:model=FILE.gguf, or the name of one that "
        "`evalzip model list` shows");
  }
  try {
    return act(file);
  } catch (const ModelError& error) {
    throw SpecError(error.what());
  }
}

// Codecs of one registry that live at the same time share their model.
class ModelShelf {
 public:
  std::shared_ptr<const LanguageModel> get(const std::string& file) {
    auto model = file == file_ ? model_.lock() : nullptr;
    if (model == nullptr) model = load_language_model(file);
    file_ = file;
    model_ = model;
    return model;
  }

 private:
  std::string file_;
  std::weak_ptr<const LanguageModel> model_;
};

LlmOptions::Mix mix_of(const std::string& name) {
  if (name == "cm") return LlmOptions::Mix::cm;
  return name == "none" ? LlmOptions::Mix::none : LlmOptions::Mix::automatic;
}

LlmOptions options_of(const Params& params) {
  const auto context = static_cast<std::size_t>(params.integer("context"));
  if (context > 0 && context < kLeastPositions) {
    throw SpecError(fmt::format("llm: a context of {} tokens is too short; the least is {}",
                                context, kLeastPositions));
  }
  return {.segments = static_cast<std::size_t>(params.integer("segments")),
          .positions = context,
          .threads = static_cast<unsigned>(params.integer("threads")),
          .mix = mix_of(params.text("mix"))};
}

std::uint64_t memory_bytes(const Params& params, std::uint64_t size) {
  return with_model(params, [&](const std::string& file) {
    return LlmStream::memory_bytes(open_model_file(file), options_of(params), size);
  });
}

Parameter count_parameter(const char* name, const char* summary, std::int64_t last,
                          const char* preset) {
  const std::int64_t first = std::string_view(preset) == "0" ? 0 : 1;
  return {.name = name, .summary = summary, .first = first, .last = last, .preset = preset};
}

}  // namespace

CodecInfo llm_codec() {
  const auto shelf = std::make_shared<ModelShelf>();
  return {
      .name = "llm",
      .version = "1",
      .summary = "a language model's predictions, range-coded; the same bits on every machine",
      .parameters =
          {{.name = kModelParameter,
            .summary = "a model of `evalzip model list`, or a GGUF file",
            .kind = Parameter::Kind::text,
            .preset = "",
            .always_named = true},
           count_parameter("segments", "coded side by side; 0: one for each 16 KiB, up to 64",
                           static_cast<std::int64_t>(kMostSegments), "0"),
           count_parameter("context", "tokens seen; 0: the model's, up to 2048", 1 << 20, "0"),
           {.name = "mix",
            .summary = "cm: guides context mixing, as byte-level models do unless told not to",
            .kind = Parameter::Kind::choice,
            .choices = {"auto", "cm", "none"},
            .preset = "auto"},
           count_parameter("threads", "of one call; any number gives the same bytes", 64, "1")},
      .traits = {.needs_model = true, .multithreaded = true},
      .make =
          [shelf](const Params& params) {
            const LlmOptions options = options_of(params);
            return with_model(params, [&](const std::string& file) {
              auto model = shelf->get(file);
              return std::make_unique<LlmCodec>(std::move(model), options);
            });
          },
      .memory_bytes = memory_bytes,
  };
}

}  // namespace evalzip
