// A model's weights and metadata, whatever the format of the file they lie in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/codec.h"
#include "codecs/llm/mapped_file.h"
#include "codecs/llm/metadata.h"
#include "codecs/llm/tensor_types.h"

namespace evalzip {

// A tensor as it lies in the file. Rows are contiguous and follow each other in row-major order.
struct TensorView {
  std::string name;
  TensorType type;
  // Outermost first, the length of a row last: a matrix that maps x to W x is {rows, columns}, rows
  // being the outputs. Every dimension > 0; the row is a multiple of the type's block.
  std::vector<std::uint64_t> shape;
  Bytes bytes;  // exactly those of the elements

  std::uint64_t elements() const;
  std::uint64_t columns() const { return shape.back(); }
  std::uint64_t rows() const { return elements() / columns(); }
  // Bytes of row `index` < rows().
  Bytes row(std::uint64_t index) const;
};

// May be moved, not copied: tensors and texts are views of the mapped file that it owns.
class ModelFile {
 public:
  // Views of bytes that the caller keeps alive. Throws ModelError when two tensors have one name.
  ModelFile(Metadata metadata, std::vector<TensorView> tensors);

  const std::string& name() const { return metadata_.file(); }  // for messages
  const Metadata& metadata() const { return metadata_; }
  std::span<const TensorView> tensors() const { return tensors_; }  // in the file's order

  // See MappedFile.
  void let_go() const {
    if (mapping_ != nullptr) mapping_->let_go();
  }

  // Null if there is none.
  const TensorView* find_tensor(std::string_view tensor) const;
  // Throws ModelError if there is none.
  const TensorView& tensor(std::string_view tensor) const;

 private:
  Metadata metadata_;
  std::vector<TensorView> tensors_;
  std::map<std::string_view, std::size_t> places_;  // of tensors_
  std::unique_ptr<const MappedFile> mapping_;       // absent: the caller keeps the bytes

  friend ModelFile open_model_file(const std::filesystem::path& path);
};

// Maps the file and reads it as what its first bytes say it is: GGUF or safetensors. Throws
// ModelError.
ModelFile open_model_file(const std::filesystem::path& path);

}  // namespace evalzip
