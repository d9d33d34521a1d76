#include "codecs/llm/safetensors.h"

#include <fmt/format.h>

#include <algorithm>

#include "codecs/llm/model_error.h"
#include "codecs/llm/tensor_layout.h"

namespace evalzip {
namespace {

std::optional<TensorType> type_called(std::string_view name) {
  struct Name {
    std::string_view name;
    TensorType type;
  };
  static constexpr Name kNames[] = {{"F64", TensorType::f64}, {"F32", TensorType::f32},
                                    {"F16", TensorType::f16}, {"BF16", TensorType::bf16},
                                    {"I64", TensorType::i64}, {"I32", TensorType::i32},
                                    {"I16", TensorType::i16}, {"I8", TensorType::i8}};
  const auto* found = std::ranges::find(kNames, name, &Name::name);
  if (found == std::end(kNames)) return std::nullopt;
  return found->type;
}

TensorType read_type(const SafetensorsEntry& entry, const std::string& file) {
  if (const auto type = type_called(entry.type)) return *type;
  throw ModelError(fmt::format(
      "{}: the tensor {} has the type {}, which evalzip does not read; convert the model to F32, "
      "F16 or BF16",
      file, entry.name, entry.type));
}

TensorView read_tensor(const SafetensorsEntry& entry, Bytes area, const std::string& file) {
  std::vector<std::uint64_t> shape = entry.shape;
  if (shape.empty()) shape.push_back(1);  // a scalar
  TensorView tensor =
      place_tensor({entry.name, read_type(entry, file), shape, {}}, area, entry.begin, file);
  if (entry.end - entry.begin != tensor.bytes.size()) {
    throw ModelError(
        fmt::format("{}: the tensor {} lies from {} to {}, and its shape says {} bytes; the file "
                    "is cut short or "
                    "damaged: get it again",
                    file, entry.name, entry.begin, entry.end, tensor.bytes.size()));
  }
  return tensor;
}

}  // namespace

ModelFile parse_safetensors(Bytes bytes, const std::string& file) {
  const SafetensorsHeader header = parse_safetensors_header(bytes, file);
  const Bytes area = bytes.subspan(header.area_offset);
  Metadata metadata(file);
  for (const auto& [key, text] : header.texts) metadata.add_text(key, text);
  std::vector<TensorView> tensors;
  for (const SafetensorsEntry& entry : header.tensors) {
    tensors.push_back(read_tensor(entry, area, file));
  }
  return {std::move(metadata), std::move(tensors)};
}

}  // namespace evalzip
