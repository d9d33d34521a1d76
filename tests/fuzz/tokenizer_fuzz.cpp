// Any bytes, tokenised by each kind of tokenizer with a vocabulary that the bytes choose: they come
// back.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "codecs/llm/tokenizer.h"
#include "tests/tiny_vocabularies.h"

namespace evalzip {
namespace {

std::unique_ptr<Tokenizer> made(const TinyVocabulary& vocabulary) {
  const std::vector<std::byte> bytes = vocabulary.gguf();
  return make_tokenizer(parse_gguf(bytes, "tiny").metadata());
}

std::vector<std::unique_ptr<Tokenizer>> make_all() {
  std::vector<std::unique_ptr<Tokenizer>> all;
  all.push_back(made(tiny_sentencepiece({"_t", "he", "_the", "a", "aa", "aaaa", "__", "____", "é",
                                         "\n\n", "ab", "ba", "bab", "漢字", "_", "t", "h", "e"})));
  TinyVocabulary plain = tiny_sentencepiece({"aa", "a", "_a", "a_", "b_b", "_", "b"});
  plain.add_space = false;
  all.push_back(made(plain));
  for (const char* rule : {"gpt-2", "smollm", "llama-bpe", "qwen2"}) {
    all.push_back(made(
        tiny_gpt2({"t h", "th e", "Ġ the", "a a", "aa aa", "Ġ Ġ", "Ċ Ċ", "1 1", "Ã ©"}, rule)));
  }
  return all;
}

}  // namespace
}  // namespace evalzip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  static const auto tokenizers = make_all();
  if (size == 0) return 0;
  const Tokenizer& tokenizer = *tokenizers[data[0] % tokenizers.size()];
  const std::vector<std::uint8_t> copy(data + 1, data + size);  // of its own size, for sanitizers
  const Bytes text = std::as_bytes(std::span(copy));
  const std::vector<Symbol> tokens = tokenizer.encode(text);
  for (const Symbol token : tokens) {
    if (token >= tokenizer.vocabulary() || tokenizer.bytes_of(token).empty()) std::abort();
  }
  if (!std::ranges::equal(tokenizer.decode(tokens), text)) std::abort();
  return 0;
}
