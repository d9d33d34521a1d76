#include "codecs/llm/model_file.h"

#include <fmt/format.h>

#include "codecs/llm/gguf.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/safetensors.h"

namespace evalzip {

std::uint64_t TensorView::elements() const {
  std::uint64_t product = 1;
  for (const std::uint64_t dimension : shape) product *= dimension;
  return product;
}

Bytes TensorView::row(std::uint64_t index) const {
  const std::size_t row_bytes = bytes.size() / rows();
  return bytes.subspan(index * row_bytes, row_bytes);
}

ModelFile::ModelFile(Metadata metadata, std::vector<TensorView> tensors)
    : metadata_(std::move(metadata)), tensors_(std::move(tensors)) {
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    if (!places_.emplace(tensors_[i].name, i).second) {
      throw ModelError(
          fmt::format("{}: two tensors are called {}; the file is damaged, get it again", name(),
                      tensors_[i].name));
    }
  }
}

const TensorView* ModelFile::find_tensor(std::string_view tensor) const {
  const auto found = places_.find(tensor);
  return found == places_.end() ? nullptr : &tensors_[found->second];
}

const TensorView& ModelFile::tensor(std::string_view tensor) const {
  if (const TensorView* found = find_tensor(tensor)) return *found;
  throw ModelError(fmt::format(
      "{}: asked for the tensor {}, found {} others; the file is not a whole model of the "
      "architecture it names: convert the model anew",
      name(), tensor, tensors_.size()));
}

ModelFile open_model_file(const std::filesystem::path& path) {
  auto mapping = std::make_unique<const MappedFile>(path);
  const Bytes bytes = mapping->bytes();
  const bool known = looks_like_gguf(bytes) || looks_like_safetensors(bytes);
  if (!known) {
    throw ModelError(fmt::format(
        "{}: its first bytes are of neither a GGUF nor a safetensors file; convert the model to "
        "GGUF (llama2.c checkpoints: evalzip model import)",
        path.string()));
  }
  ModelFile model = looks_like_gguf(bytes) ? parse_gguf(bytes, path.string())
                                           : parse_safetensors(bytes, path.string());
  model.mapping_ = std::move(mapping);
  return model;
}

}  // namespace evalzip
