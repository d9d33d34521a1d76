#include "weights/tensor_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "codecs/llm/gguf.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/safetensors_header.h"
#include "weights/npy.h"
#include "weights/npz.h"

namespace evalzip {
namespace {

struct Type {
  std::string_view name, format;
  unsigned bits;
};

// Of safetensors.
constexpr std::array<Type, 15> kTypes{{{"F64", "f64", 64},
                                       {"F32", "f32", 32},
                                       {"F16", "f16", 16},
                                       {"BF16", "bf16", 16},
                                       {"F8_E4M3", "f8_e4m3", 8},
                                       {"F8_E5M2", "f8_e5m2", 8},
                                       {"F8_E8M0", "bytes", 8},
                                       {"I64", "i64", 64},
                                       {"I32", "i32", 32},
                                       {"I16", "i16", 16},
                                       {"I8", "i8", 8},
                                       {"U8", "bytes", 8},
                                       {"BOOL", "bytes", 8},
                                       {"U32", "i32", 32},
                                       {"U16", "i16", 16}}};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

// Bytes of the shape; absent above 2^64.
std::optional<std::uint64_t> bytes_of(const TensorEntry& tensor, unsigned bits) {
  std::uint64_t size = bits;
  for (const std::uint64_t dimension : tensor.shape) {
    if (__builtin_mul_overflow(size, dimension, &size)) return std::nullopt;
  }
  return size / 8;
}

TensorEntry entry_of(const SafetensorsEntry& one, std::uint64_t area, const std::string& file) {
  TensorEntry tensor{.name = one.name,
                     .type = one.type,
                     .shape = one.shape,
                     .offset = area + one.begin,
                     .size = one.end - one.begin};
  const auto type = std::ranges::find(kTypes, one.type, &Type::name);
  if (type == kTypes.end()) return tensor;  // of a type to come: bytes
  if (bytes_of(tensor, type->bits) != tensor.size) {
    throw ModelError(fmt::format(
        "{}: the tensor {} lies from {} to {}, which its shape and type {} contradict; the file is "
        "damaged: get it again",
        file, one.name, one.begin, one.end, one.type));
  }
  tensor.layout = {.format = *number_format_called(type->format),
                   .columns = one.shape.empty() ? 0 : one.shape.back()};
  return tensor;
}

TensorIndex index_of_safetensors(Bytes file, const std::string& name) {
  const SafetensorsHeader header = parse_safetensors_header(file, name);
  TensorIndex index{.file_format = "safetensors", .tensors = {}};
  for (const SafetensorsEntry& one : header.tensors) {
    index.tensors.push_back(entry_of(one, header.area_offset, name));
  }
  return index;
}

TensorIndex index_of_gguf(Bytes file, const std::string& name) {
  const ModelFile model = parse_gguf(file, name);
  TensorIndex index{.file_format = "GGUF", .tensors = {}};
  for (const TensorView& one : model.tensors()) {
    const std::string_view type = format_of(one.type).name;
    index.tensors.push_back({.name = one.name,
                             .type = std::string(type),
                             .shape = one.shape,
                             .offset = static_cast<std::uint64_t>(one.bytes.data() - file.data()),
                             .size = one.bytes.size(),
                             .layout = {.format = number_format_called(lower(type)).value_or(0),
                                        .columns = one.columns()}});
  }
  std::ranges::sort(index.tensors, {}, &TensorEntry::offset);
  return index;
}

}  // namespace

std::uint64_t TensorEntry::numbers() const {
  std::uint64_t count = 1;
  for (const std::uint64_t dimension : shape) count *= dimension;
  return count;
}

TensorIndex read_tensor_index(Bytes file, const std::string& name) {
  if (looks_like_gguf(file)) return index_of_gguf(file, name);
  if (looks_like_npy(file)) {
    const std::string array = std::filesystem::path(name).stem().string();
    return {.file_format = "npy", .tensors = {parse_npy(file, array, name)}};
  }
  if (looks_like_npz(file)) return {.file_format = "npz", .tensors = parse_npz(file, name)};
  if (looks_like_safetensors(file)) return index_of_safetensors(file, name);
  throw ModelError(name +
                   " is no file of weights that evalzip reads: safetensors, GGUF, .npy or .npz");
}

}  // namespace evalzip
