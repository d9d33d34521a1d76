#include "codecs/llm/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "codecs/little_endian.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/tensor_layout.h"

namespace evalzip {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit, in bytes
constexpr std::size_t kMostDimensions = 8;
constexpr const char* kMetadataKey = "__metadata__";

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw ModelError(
      fmt::format("{}: {}; the file is cut short, damaged or no safetensors file: get "
                  "it again",
                  file, what));
}

std::string_view header_of(Bytes bytes, const std::string& file) {
  if (bytes.size() < 8)
    refuse(file, fmt::format("it has {} bytes, fewer than a header", bytes.size()));
  const auto size = load_little_endian<std::uint64_t>(bytes);
  if (size > kLongestHeader || size > bytes.size() - 8) {
    refuse(file,
           fmt::format("its header is {} bytes long, where {} are left", size, bytes.size() - 8));
  }
  return {reinterpret_cast<const char*>(bytes.data()) + 8, size};
}

// Parses iteratively, so depth costs no stack; duplicate names are refused, the library would keep
// the last.
json parse_header(std::string_view header, const std::string& file) {
  std::vector<std::set<std::string>> open_objects;
  const json::parser_callback_t watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open_objects.emplace_back();
    if (event == json::parse_event_t::object_end) open_objects.pop_back();
    if (event == json::parse_event_t::key) {
      const auto& key = value.get_ref<const std::string&>();
      if (!open_objects.back().insert(key).second)
        refuse(file, "the name " + key + " is there twice");
    }
    return true;
  };
  try {
    json parsed = json::parse(header, watch);
    if (!parsed.is_object()) refuse(file, "its header is no JSON object");
    return parsed;
  } catch (const json::exception& error) {
    refuse(file, fmt::format("its header is no valid JSON ({})", error.what()));
  }
}

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

// A whole number that JSON holds without a sign.
std::uint64_t whole_number(const json& value, const std::string& tensor, const std::string& file) {
  if (!value.is_number_unsigned())
    refuse(file, "the tensor " + tensor + " has no whole number where one must be");
  return value.get<std::uint64_t>();
}

const json& field(const json& object, const char* key, const std::string& tensor,
                  const std::string& file) {
  const auto found = object.find(key);
  if (found == object.end()) refuse(file, fmt::format("the tensor {} has no {}", tensor, key));
  return *found;
}

TensorType read_type(const json& value, const std::string& tensor, const std::string& file) {
  const std::string name = value.is_string()
                               ? value.get<std::string>()
                               : value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (const auto type = type_called(name)) return *type;
  throw ModelError(fmt::format(
      "{}: the tensor {} has the type {}, which evalzip does not read; convert the model to F32, "
      "F16 or BF16",
      file, tensor, name));
}

std::vector<std::uint64_t> read_shape(const json& value, const std::string& tensor,
                                      const std::string& file) {
  if (!value.is_array() || value.size() > kMostDimensions) {
    refuse(file, fmt::format("the tensor {} has no shape of up to {} dimensions", tensor,
                             kMostDimensions));
  }
  std::vector<std::uint64_t> shape;
  for (const json& size : value) shape.push_back(whole_number(size, tensor, file));
  if (shape.empty()) shape.push_back(1);  // a scalar
  return shape;
}

TensorView read_tensor(const std::string& name, const json& entry, Bytes area,
                       const std::string& file) {
  if (!entry.is_object()) refuse(file, "the tensor " + name + " is no JSON object");
  const json& offsets = field(entry, "data_offsets", name, file);
  if (!offsets.is_array() || offsets.size() != 2) {
    refuse(file, "the tensor " + name + " has no two data_offsets");
  }
  const std::uint64_t begin = whole_number(offsets[0], name, file);
  const std::uint64_t end = whole_number(offsets[1], name, file);
  TensorView tensor = place_tensor({name,
                                    read_type(field(entry, "dtype", name, file), name, file),
                                    read_shape(field(entry, "shape", name, file), name, file),
                                    {}},
                                   area, begin, file);
  if (end < begin || end - begin != tensor.bytes.size()) {
    refuse(file, fmt::format("the tensor {} lies from {} to {}, and its shape says {} bytes", name,
                             begin, end, tensor.bytes.size()));
  }
  return tensor;
}

void read_metadata(const json& entry, Metadata& metadata) {
  if (!entry.is_object()) refuse(metadata.file(), "its __metadata__ is no JSON object");
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) refuse(metadata.file(), "its __metadata__ holds what is no text");
    metadata.add_text(key, value.get<std::string>());
  }
}

// The format has no holes: a file in which something could hide is refused.
void refuse_holes(std::span<const TensorView> tensors, Bytes area, const std::string& file) {
  std::uint64_t sum = 0;
  for (const TensorView& tensor : tensors) sum += tensor.bytes.size();
  if (sum == area.size()) return;
  refuse(file,
         fmt::format("its tensors have {} bytes, and {} follow the header", sum, area.size()));
}

}  // namespace

bool looks_like_safetensors(Bytes bytes) {
  constexpr std::size_t kBrace = 8;
  return bytes.size() > kBrace && bytes[kBrace] == std::byte{'{'} &&
         load_little_endian<std::uint64_t>(bytes) <= bytes.size() - kBrace;
}

ModelFile parse_safetensors(Bytes bytes, const std::string& file) {
  const std::string_view header = header_of(bytes, file);
  const json parsed = parse_header(header, file);
  const Bytes area = bytes.subspan(8 + header.size());
  Metadata metadata(file);
  std::vector<TensorView> tensors;
  for (const auto& [name, entry] : parsed.items()) {
    if (name == kMetadataKey) {
      read_metadata(entry, metadata);
    } else {
      tensors.push_back(read_tensor(name, entry, area, file));
    }
  }
  refuse_overlaps(tensors, file);
  refuse_holes(tensors, area, file);
  std::ranges::sort(tensors, std::less<>(), [](const TensorView& one) { return one.bytes.data(); });
  return {std::move(metadata), std::move(tensors)};
}

}  // namespace evalzip
