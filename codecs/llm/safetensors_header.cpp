#include "codecs/llm/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "codecs/little_endian.h"
#include "codecs/llm/model_error.h"

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

std::vector<std::uint64_t> read_shape(const json& value, const std::string& tensor,
                                      const std::string& file) {
  if (!value.is_array() || value.size() > kMostDimensions) {
    refuse(file, fmt::format("the tensor {} has no shape of up to {} dimensions", tensor,
                             kMostDimensions));
  }
  std::vector<std::uint64_t> shape;
  for (const json& size : value) shape.push_back(whole_number(size, tensor, file));
  return shape;
}

SafetensorsEntry read_entry(const std::string& name, const json& entry, std::uint64_t area,
                            const std::string& file) {
  if (!entry.is_object()) refuse(file, "the tensor " + name + " is no JSON object");
  const json& offsets = field(entry, "data_offsets", name, file);
  const json& type = field(entry, "dtype", name, file);
  if (!offsets.is_array() || offsets.size() != 2) {
    refuse(file, "the tensor " + name + " has no two data_offsets");
  }
  SafetensorsEntry read{.name = name,
                        .type = type.is_string()
                                    ? type.get<std::string>()
                                    : type.dump(-1, ' ', true, json::error_handler_t::replace),
                        .shape = read_shape(field(entry, "shape", name, file), name, file),
                        .begin = whole_number(offsets[0], name, file),
                        .end = whole_number(offsets[1], name, file)};
  if (read.end < read.begin || read.end > area) {
    refuse(file, fmt::format("the tensor {} lies from {} to {}, where {} bytes follow the header",
                             name, read.begin, read.end, area));
  }
  return read;
}

std::map<std::string, std::string> read_texts(const json& entry, const std::string& file) {
  if (!entry.is_object()) refuse(file, "its __metadata__ is no JSON object");
  std::map<std::string, std::string> texts;
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) refuse(file, "its __metadata__ holds what is no text");
    texts.emplace(key, value.get<std::string>());
  }
  return texts;
}

// The format has no holes, in which something could hide, and its tensors share no byte. Sorts
// them.
void check_area(std::vector<SafetensorsEntry>& tensors, std::uint64_t area,
                const std::string& file) {
  std::ranges::sort(tensors, {}, [](const auto& one) { return std::pair(one.begin, one.end); });
  std::uint64_t at = 0;
  for (const SafetensorsEntry& tensor : tensors) {
    if (tensor.begin < at) refuse(file, "the tensor " + tensor.name + " shares bytes with another");
    if (tensor.begin > at) {
      refuse(file, fmt::format("{} bytes before the tensor {} belong to none", tensor.begin - at,
                               tensor.name));
    }
    at = tensor.end;
  }
  if (at == area) return;
  refuse(file, fmt::format("its tensors have {} bytes, and {} follow the header", at, area));
}

}  // namespace

bool looks_like_safetensors(Bytes bytes) {
  constexpr std::size_t kBrace = 8;
  return bytes.size() > kBrace && bytes[kBrace] == std::byte{'{'} &&
         load_little_endian<std::uint64_t>(bytes) <= bytes.size() - kBrace;
}

SafetensorsHeader parse_safetensors_header(Bytes bytes, const std::string& file) {
  const std::string_view text = header_of(bytes, file);
  const json parsed = parse_header(text, file);
  SafetensorsHeader header;
  header.area_offset = 8 + text.size();
  const std::uint64_t area = bytes.size() - header.area_offset;
  for (const auto& [name, entry] : parsed.items()) {
    if (name == kMetadataKey) {
      header.texts = read_texts(entry, file);
    } else {
      header.tensors.push_back(read_entry(name, entry, area, file));
    }
  }
  check_area(header.tensors, area, file);
  return header;
}

}  // namespace evalzip
