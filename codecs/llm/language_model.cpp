#include "codecs/llm/language_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "codecs/llm/model_error.h"
#include "codecs/llm/sha256.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;

// Read, not mapped: pages of a mapping would count as this process's memory.
Sha256 digest_of_file(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    throw ModelError(fmt::format(
        "there is no model file {}; name a file that can be read, or a model of `evalzip model "
        "list`",
        path.string()));
  }
  std::ifstream file(path, std::ios::binary);
  std::vector<char> piece(std::size_t{1} << 20);
  Sha256Hash hash;
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    hash.add(std::as_bytes(std::span(piece)).first(static_cast<std::size_t>(file.gcount())));
  }
  if (!file.eof()) {
    throw ModelError(fmt::format("cannot read the model {}; name a readable file", path.string()));
  }
  return hash.finish();
}

}  // namespace

std::string sha256_of_file(const fs::path& path) { return hexadecimal(digest_of_file(path)); }

std::shared_ptr<const LanguageModel> load_language_model(const fs::path& path) {
  const Sha256 digest = digest_of_file(path);
  ModelFile file = open_model_file(path);
  std::unique_ptr<const Tokenizer> tokenizer = make_tokenizer(file.metadata());
  std::uint64_t parameters = 0;
  for (const TensorView& tensor : file.tensors()) parameters += tensor.elements();
  TransformerWeights weights(std::move(file));
  if (tokenizer->vocabulary() > weights.shape().vocabulary) {
    throw ModelError(fmt::format("{}: {} tokens, but the model predicts {}", path.string(),
                                 tokenizer->vocabulary(), weights.shape().vocabulary));
  }
  if (weights.shape().tokens_are_bytes() &&
      (tokenizer->described() != "bytes" || weights.shape().vocabulary != 256)) {
    throw ModelError(fmt::format("{}: a byte-level model with a vocabulary other than the bytes",
                                 path.string()));
  }
  ModelId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return std::make_shared<LanguageModel>(LanguageModel{.weights = std::move(weights),
                                                       .tokenizer = std::move(tokenizer),
                                                       .sha256 = hexadecimal(digest),
                                                       .id = id,
                                                       .file_bytes = fs::file_size(path),
                                                       .parameters = parameters});
}

}  // namespace evalzip
