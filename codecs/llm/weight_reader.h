// Tensors of a model file as checked rows of finite numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codecs/llm/model_file.h"

namespace evalzip {

class WeightReader {
 public:
  explicit WeightReader(const ModelFile& file) : file_(file) {}

  void let_go() const { file_.let_go(); }
  bool has(std::string_view tensor) const { return file_.find_tensor(tensor) != nullptr; }

  // Both throw ModelError unless the tensor is there, has the shape, and holds weights.
  const TensorView& matrix(std::string_view tensor, std::size_t rows, std::size_t columns) const;
  // A row of `size` numbers, padded with zeros to whole lanes.
  std::vector<float> vector(std::string_view tensor, std::size_t size) const;

  // Row `index` in binary32; throws ModelError unless all are finite. values.size() is columns().
  void read_row(const TensorView& tensor, std::size_t index, std::span<float> values) const;

 private:
  const ModelFile& file_;
};

}  // namespace evalzip
