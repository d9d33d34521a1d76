#include "codecs/llm/gguf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "codecs/little_endian.h"
#include "codecs/llm/model_error.h"
#include "codecs/llm/tensor_layout.h"

namespace evalzip {
namespace {

constexpr std::uint32_t kMagic = 0x46554747;  // "GGUF"
constexpr std::uint64_t kPresetAlignment = 32;
constexpr std::uint64_t kMostAlignment = 1 << 20;
constexpr std::size_t kLongestKey = 65535;  // the specification's
constexpr std::size_t kLongestTensorName = 1024;
constexpr std::uint32_t kMostDimensions = 4;  // ggml's
constexpr int kDeepestArray = 4;

// What values are, as the file numbers them.
enum class ValueType : std::uint32_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  flag,
  text,
  array,
  u64,
  i64,
  f64,
  end
};

// Least bytes of a value in the file.
constexpr std::array<std::uint64_t, 13> kLeastBytes = {1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8};

// Reads one thing after the other and never leaves the bytes.
class Cursor {
 public:
  Cursor(Bytes bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  std::size_t position() const { return position_; }
  std::uint64_t left() const { return bytes_.size() - position_; }

  template <class Number>
  Number number(std::string_view what) {
    require(sizeof(Number), what);
    const Number value = load_little_endian<Number>(bytes_, position_);
    position_ += sizeof(Number);
    return value;
  }

  // A count of things that take at least `least_bytes` each: no more than can be in the file.
  std::uint64_t count(std::string_view what, std::uint64_t least_bytes) {
    const auto value = number<std::uint64_t>(what);
    if (value > left() / least_bytes) {
      refuse(fmt::format("{} is {}, more than {} bytes can hold", what, value, left()));
    }
    return value;
  }

  std::string_view text(std::string_view what, std::uint64_t longest) {
    const auto size = number<std::uint64_t>(what);
    if (size > longest) refuse(fmt::format("{} is {} bytes long, over {}", what, size, longest));
    require(size, what);
    const std::string_view value(reinterpret_cast<const char*>(bytes_.data()) + position_, size);
    position_ += size;
    return value;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw ModelError(
        fmt::format("{}: at byte {}: {}; the file is cut short or damaged: get it again", file_,
                    position_, what));
  }

 private:
  void require(std::uint64_t size, std::string_view what) const {
    if (size > left()) refuse(fmt::format("{} needs {} bytes and {} are left", what, size, left()));
  }

  Bytes bytes_;
  const std::string& file_;
  std::size_t position_ = 0;
};

ValueType value_type(Cursor& cursor) {
  const auto type = cursor.number<std::uint32_t>("the type of a value");
  if (type >= static_cast<std::uint32_t>(ValueType::end)) {
    cursor.refuse(fmt::format("a value has the type {}, and there are 0 to 12", type));
  }
  return static_cast<ValueType>(type);
}

bool read_flag(Cursor& cursor) {
  const auto value = cursor.number<std::uint8_t>("a flag");
  if (value > 1) cursor.refuse(fmt::format("a flag is {}, and there are 0 and 1", value));
  return value == 1;
}

// `read` gives one element after the other.
template <class Element, class Read>
MetadataValue read_elements(std::uint64_t count, Read read) {
  std::vector<Element> elements;
  elements.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) elements.push_back(read());
  return {std::move(elements)};
}

template <class Number, class Element>
MetadataValue read_numbers(Cursor& cursor, std::uint64_t count) {
  return read_elements<Element>(
      count, [&] { return static_cast<Element>(cursor.number<Number>("an element")); });
}

MetadataValue read_array(Cursor& cursor, int depth) {
  if (depth == kDeepestArray) cursor.refuse(fmt::format("arrays lie over {} deep", kDeepestArray));
  const ValueType type = value_type(cursor);
  const auto least = kLeastBytes[static_cast<std::size_t>(type)];
  const std::uint64_t count = cursor.count("the length of an array", least);
  if (count == 0) return {MetadataArray()};
  switch (type) {
    case ValueType::u8:
      return read_numbers<std::uint8_t, std::int64_t>(cursor, count);
    case ValueType::i8:
      return read_numbers<std::int8_t, std::int64_t>(cursor, count);
    case ValueType::u16:
      return read_numbers<std::uint16_t, std::int64_t>(cursor, count);
    case ValueType::i16:
      return read_numbers<std::int16_t, std::int64_t>(cursor, count);
    case ValueType::u32:
      return read_numbers<std::uint32_t, std::int64_t>(cursor, count);
    case ValueType::i32:
      return read_numbers<std::int32_t, std::int64_t>(cursor, count);
    case ValueType::i64:
      return read_numbers<std::int64_t, std::int64_t>(cursor, count);
    case ValueType::u64:
      return read_numbers<std::uint64_t, std::uint64_t>(cursor, count);
    case ValueType::f32:
      return read_numbers<float, double>(cursor, count);
    case ValueType::f64:
      return read_numbers<double, double>(cursor, count);
    case ValueType::flag:
      return read_elements<bool>(count, [&] { return read_flag(cursor); });
    case ValueType::text:
      return read_elements<std::string_view>(count,
                                             [&] { return cursor.text("a text", cursor.left()); });
    case ValueType::array:
    case ValueType::end:
      break;
  }
  return read_elements<MetadataValue>(count, [&] { return read_array(cursor, depth + 1); });
}

MetadataValue read_value(Cursor& cursor, ValueType type) {
  constexpr std::string_view kWhat = "a value";
  switch (type) {
    case ValueType::u8:
      return {std::int64_t{cursor.number<std::uint8_t>(kWhat)}};
    case ValueType::i8:
      return {std::int64_t{cursor.number<std::int8_t>(kWhat)}};
    case ValueType::u16:
      return {std::int64_t{cursor.number<std::uint16_t>(kWhat)}};
    case ValueType::i16:
      return {std::int64_t{cursor.number<std::int16_t>(kWhat)}};
    case ValueType::u32:
      return {std::int64_t{cursor.number<std::uint32_t>(kWhat)}};
    case ValueType::i32:
      return {std::int64_t{cursor.number<std::int32_t>(kWhat)}};
    case ValueType::i64:
      return {cursor.number<std::int64_t>(kWhat)};
    case ValueType::u64:
      return {cursor.number<std::uint64_t>(kWhat)};
    case ValueType::f32:
      return {double{cursor.number<float>(kWhat)}};
    case ValueType::f64:
      return {cursor.number<double>(kWhat)};
    case ValueType::flag:
      return {read_flag(cursor)};
    case ValueType::text:
      return {cursor.text("a text", cursor.left())};
    case ValueType::array:
    case ValueType::end:
      break;
  }
  return read_array(cursor, 0);
}

// What the file says of a tensor before the alignment, and so its place, is known.
struct TensorInfo {
  std::string name;
  TensorType type;
  std::vector<std::uint64_t> shape;
  std::uint64_t offset;
};

TensorType read_tensor_type(Cursor& cursor, const std::string& file, std::string_view tensor) {
  const auto number = cursor.number<std::uint32_t>("the type of a tensor");
  const auto type = tensor_type_of(number);
  if (type) return *type;
  std::string known;
  for (const TensorFormat& format : tensor_formats()) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", format.name);
  }
  throw ModelError(fmt::format(
      "{}: the tensor {} has the type {} ({}), which evalzip does not read; quantise the model to "
      "one of {}",
      file, tensor, number, ggml_type_name(number), known));
}

TensorInfo read_tensor_info(Cursor& cursor, const std::string& file) {
  TensorInfo info;
  info.name = cursor.text("the name of a tensor", kLongestTensorName);
  const auto dimensions = cursor.number<std::uint32_t>("the number of dimensions");
  if (dimensions == 0 || dimensions > kMostDimensions) {
    cursor.refuse(fmt::format("the tensor {} has {} dimensions, and there are 1 to {}", info.name,
                              dimensions, kMostDimensions));
  }
  info.shape.resize(dimensions);
  // In the file the length of a row comes first.
  std::generate(info.shape.rbegin(), info.shape.rend(),
                [&] { return cursor.number<std::uint64_t>("a dimension"); });
  info.type = read_tensor_type(cursor, file, info.name);
  info.offset = cursor.number<std::uint64_t>("the offset of a tensor");
  return info;
}

void check_version(Cursor& cursor, const std::string& file) {
  const auto version = cursor.number<std::uint32_t>("the version");
  if (version == 2 || version == 3) return;
  const bool swapped = version != 0 && (version & 0xffff) == 0;
  throw ModelError(
      swapped ? fmt::format("{}: a big-endian GGUF file; convert the model for little-endian "
                            "machines",
                            file)
              : fmt::format("{}: GGUF version {}, where evalzip reads 2 and 3; convert the model "
                            "with a current converter",
                            file, version));
}

std::uint64_t alignment_of(const Metadata& metadata) {
  const std::uint64_t alignment =
      metadata.find_whole_number("general.alignment").value_or(kPresetAlignment);
  if (std::has_single_bit(alignment) && alignment <= kMostAlignment) return alignment;
  throw ModelError(fmt::format(
      "{}: general.alignment is {}, and must be a power of two up to {}; the file is damaged: get "
      "it again",
      metadata.file(), alignment, kMostAlignment));
}

}  // namespace

bool looks_like_gguf(Bytes bytes) {
  return bytes.size() >= sizeof(kMagic) && load_little_endian<std::uint32_t>(bytes) == kMagic;
}

ModelFile parse_gguf(Bytes bytes, const std::string& file) {
  Cursor cursor(bytes, file);
  if (cursor.number<std::uint32_t>("the magic number") != kMagic) {
    throw ModelError(fmt::format("{}: its first bytes are not \"GGUF\"; name a GGUF file", file));
  }
  check_version(cursor, file);
  const std::uint64_t tensors = cursor.count("the number of tensors", 24);
  const std::uint64_t keys = cursor.count("the number of metadata keys", 13);
  Metadata metadata(file);
  for (std::uint64_t i = 0; i < keys; ++i) {
    const std::string_view key = cursor.text("a metadata key", kLongestKey);
    metadata.add(key, read_value(cursor, value_type(cursor)));
  }
  std::vector<TensorInfo> infos;
  for (std::uint64_t i = 0; i < tensors; ++i) infos.push_back(read_tensor_info(cursor, file));
  const std::uint64_t alignment = alignment_of(metadata);
  const std::uint64_t start = (cursor.position() + alignment - 1) / alignment * alignment;
  const Bytes area = start < bytes.size() ? bytes.subspan(start) : Bytes();
  std::vector<TensorView> views;
  for (TensorInfo& info : infos) {
    if (info.offset % alignment != 0) {
      throw ModelError(fmt::format(
          "{}: the tensor {} lies at {}, which is no multiple of the alignment {}; the file is "
          "damaged: get it again",
          file, info.name, info.offset, alignment));
    }
    views.push_back(place_tensor({std::move(info.name), info.type, std::move(info.shape), {}}, area,
                                 info.offset, file));
  }
  refuse_overlaps(views, file);
  return {std::move(metadata), std::move(views)};
}

}  // namespace evalzip
