#include "codecs/llm/weight_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codecs/llm/lanes.h"
#include "codecs/llm/model_error.h"

namespace evalzip {

const TensorView& WeightReader::matrix(std::string_view tensor, std::size_t rows,
                                       std::size_t columns) const {
  const TensorView& view = file_.tensor(tensor);
  if (view.rows() != rows || view.columns() != columns) {
    throw ModelError(fmt::format("{}: {} has {} rows of {}, where the metadata ask for {} of {}",
                                 file_.name(), tensor, view.rows(), view.columns(), rows, columns));
  }
  if (!has_binary32_values(view.type)) {
    throw ModelError(fmt::format("{}: {} is of type {}, which holds no weights", file_.name(),
                                 tensor, format_of(view.type).name));
  }
  return view;
}

std::vector<float> WeightReader::vector(std::string_view tensor, std::size_t size) const {
  const TensorView& view = matrix(tensor, 1, size);
  std::vector<float> values(lanes::round_up(size));
  read_row(view, 0, std::span(values).first(size));
  return values;
}

void WeightReader::read_row(const TensorView& tensor, std::size_t index,
                            std::span<float> values) const {
  dequantise_row(tensor.type, tensor.row(index), values);
  if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
    throw ModelError(
        fmt::format("{}: {} holds a number that is not finite", file_.name(), tensor.name));
  }
}

}  // namespace evalzip
