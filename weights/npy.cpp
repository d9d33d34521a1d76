#include "weights/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "codecs/little_endian.h"
#include "codecs/llm/model_error.h"

namespace evalzip {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMostDimensions = 32;  // NumPy's

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw ModelError(fmt::format(
      "{}: {}; the file is cut short, damaged or no .npy file: get it again", file, what));
}

struct Type {
  std::string_view name;  // without the sign of the byte order
  std::string_view format;
  unsigned bytes;
};

constexpr std::array<Type, 14> kTypes{{{"f2", "f16", 2},
                                       {"f4", "f32", 4},
                                       {"f8", "f64", 8},
                                       {"i1", "i8", 1},
                                       {"u1", "bytes", 1},
                                       {"b1", "bytes", 1},
                                       {"i2", "i16", 2},
                                       {"u2", "i16", 2},
                                       {"i4", "i32", 4},
                                       {"u4", "i32", 4},
                                       {"i8", "i64", 8},
                                       {"u8", "i64", 8},
                                       {"c8", "f32", 8},
                                       {"c16", "f64", 16}}};

// The header is a literal of a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape':
// (2, 3), }. The text after `key` and its colon.
std::string_view value_of(std::string_view header, std::string_view key, const std::string& file) {
  const std::size_t at = header.find(fmt::format("'{}'", key));
  if (at == header.npos) refuse(file, fmt::format("its header has no {}", key));
  std::string_view rest = header.substr(at + key.size() + 2);
  const std::size_t begin = rest.find_first_not_of(" :");
  if (begin == rest.npos) refuse(file, fmt::format("its header has no value of {}", key));
  return rest.substr(begin);
}

const Type& read_type(std::string_view header, const std::string& file) {
  const std::string_view value = value_of(header, "descr", file);
  const std::size_t end = value.size() < 2 ? value.npos : value.find('\'', 1);
  if (value.empty() || value[0] != '\'' || end == value.npos || end < 3) {
    refuse(file, "its type is no plain number (a structure, perhaps)");
  }
  const std::string_view name = value.substr(2, end - 2);
  const auto found = std::ranges::find(kTypes, name, &Type::name);
  if (found == kTypes.end()) {
    throw ModelError(fmt::format("{}: its type is {}, which evalzip does not read", file, name));
  }
  if (value[1] == '>' && found->bytes > 1) {
    throw ModelError(
        fmt::format("{}: its numbers are big-endian: save them as little-endian", file));
  }
  return *found;
}

std::vector<std::uint64_t> read_shape(std::string_view header, const std::string& file) {
  const std::string_view value = value_of(header, "shape", file);
  const std::size_t end = value.find(')');
  if (value[0] != '(' || end == value.npos) refuse(file, "its shape is no tuple");
  std::vector<std::uint64_t> shape;
  const char* at = value.data() + 1;
  const char* const last = value.data() + end;
  while (true) {
    while (at < last && (*at == ' ' || *at == ',')) ++at;
    if (at == last) return shape;
    std::uint64_t size = 0;
    const auto [after, error] = std::from_chars(at, last, size);
    if (error != std::errc() || shape.size() == kMostDimensions) {
      refuse(file, "its shape is no tuple of whole numbers");
    }
    shape.push_back(size);
    at = after;
  }
}

std::string_view header_of(Bytes bytes, std::size_t& data, const std::string& file) {
  const bool wide = bytes.size() >= 12 && std::to_integer<int>(bytes[6]) >= 2;
  const std::size_t begin = wide ? 12 : 10;
  if (bytes.size() < begin) refuse(file, "it ends within its header");
  const std::size_t size = wide ? load_little_endian<std::uint32_t>(bytes, 8)
                                : load_little_endian<std::uint16_t>(bytes, 8);
  if (size > bytes.size() - begin) refuse(file, "it ends within its header");
  data = begin + size;
  return {reinterpret_cast<const char*>(bytes.data()) + begin, size};
}

}  // namespace

bool looks_like_npy(Bytes bytes) {
  return bytes.size() >= kMagic.size() &&
         std::equal(kMagic.begin(), kMagic.end(), reinterpret_cast<const char*>(bytes.data()));
}

TensorEntry parse_npy(Bytes bytes, const std::string& array, const std::string& file) {
  TensorEntry entry{.name = array};
  std::size_t data = 0;
  const std::string_view header = header_of(bytes, data, file);
  const Type& type = read_type(header, file);
  entry.type = type.name;
  entry.shape = read_shape(header, file);
  std::uint64_t size = type.bytes;
  for (const std::uint64_t dimension : entry.shape) {
    if (__builtin_mul_overflow(size, dimension, &size))
      refuse(file, "its shape exceeds 2^64 bytes");
  }
  entry.offset = data;
  entry.size = size;
  if (size != bytes.size() - data) {
    refuse(file, fmt::format("its shape says {} bytes, and {} follow the header", size,
                             bytes.size() - data));
  }
  // In Fortran's order the first dimension is the one whose numbers are neighbours.
  const bool fortran = value_of(header, "fortran_order", file).starts_with("True");
  const std::uint64_t columns =
      entry.shape.empty() ? 0 : (fortran ? entry.shape.front() : entry.shape.back());
  const std::size_t format = *number_format_called(type.format);
  // A complex number is two numbers.
  const unsigned parts = type.bytes / number_formats()[format].block_bytes;
  entry.layout = {.format = format, .columns = parts * columns};
  return entry;
}

}  // namespace evalzip
