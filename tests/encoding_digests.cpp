// Prints a digest of what our own codecs write, for every input that the tests think of and some
// larger ones: two machines that print the same write the same bytes. Not a test by itself.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "codecs/codec_spec.h"
#include "codecs/llm/llm_stream.h"
#include "tests/nasty_inputs.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

// FNV-1a (Fowler, Noll, Vo 1991).
std::uint64_t digest(Bytes bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::byte byte : bytes) {
    hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3;
  }
  return hash;
}

std::vector<NamedInput> inputs() {
  std::vector<NamedInput> all = nasty_inputs();
  all.push_back({"large text", text_input(51, 1'300'000)});
  all.push_back({"large noise", random_input(52, 300'000)});
  all.push_back({"few symbols", random_input(53, 700'000, 3)});
  return all;
}

void print_digests(const CodecSpec& spec) {
  const auto codec = spec.codec->make(spec.params);
  for (const NamedInput& input : inputs()) {
    Input output(codec->bound(input.bytes.size()));
    const Result<std::size_t> size = codec->encode(input.bytes, output);
    const Bytes encoded = Bytes(output).first(size ? size.value() : 0);
    std::printf("%s, %s: %zu bytes, %016llx\n", spec.canonical().c_str(), input.name.c_str(),
                encoded.size(), static_cast<unsigned long long>(digest(encoded)));
  }
}

// A model that is made here: its file's hash, which needs OpenSSL, is left out.
std::shared_ptr<const LanguageModel> tiny_language_model(const std::string& architecture) {
  const TinyModelFile file({.architecture = architecture});
  ModelFile model = open_model_file(file.path());
  std::unique_ptr<const Tokenizer> tokenizer = make_tokenizer(model.metadata());
  return std::make_shared<LanguageModel>(LanguageModel{
      .weights = TransformerWeights(std::move(model)), .tokenizer = std::move(tokenizer)});
}

void print_llm_digests(const std::string& architecture) {
  constexpr std::size_t kMostBytes = 3000;
  LlmStream coder(tiny_language_model(architecture), {.segments = 3}, preferred_engine_kernels());
  for (const NamedInput& input : inputs()) {
    const Bytes bytes = Bytes(input.bytes).first(std::min(input.bytes.size(), kMostBytes));
    Input output(LlmStream::bound(bytes.size()));
    const Result<std::size_t> size = coder.encode(bytes, output);
    const Bytes encoded = Bytes(output).first(size ? size.value() : 0);
    std::printf("llm, %s, %s: %zu bytes, %016llx\n", architecture.c_str(), input.name.c_str(),
                encoded.size(), static_cast<unsigned long long>(digest(encoded)));
  }
}

}  // namespace
}  // namespace evalzip

int main() {
  using namespace evalzip;
  const Registry registry = builtin_codecs();
  constexpr const char* kSpecs =
      "huffman,huffman:delta=2,rans:order=0,rans:order=1,arithmetic:order=0,arithmetic:order=1,"
      "arithmetic:order=2,arithmetic:model=static,arithmetic:order=1,model=binary,arithmetic:model="
      "kt";
  for (const CodecSpec& spec : parse_codec_list(registry, kSpecs)) print_digests(spec);
  for (const char* family : {"llama", "qwen2", "qwen3", "gpt2"}) print_llm_digests(family);
}
