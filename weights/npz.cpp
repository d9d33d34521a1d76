#include "weights/npz.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "codecs/little_endian.h"
#include "codecs/llm/model_error.h"
#include "weights/npy.h"

namespace evalzip {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50, kCentralHeader = 0x02014b50,
                        kEndOfCentral = 0x06054b50;
constexpr std::size_t kLocalBytes = 30, kCentralBytes = 46, kEndBytes = 22;
constexpr std::size_t kLongestComment = 65535;
constexpr std::uint32_t kIn64Bits = 0xffffffff;  // the number is in the extra field
constexpr std::uint16_t kExtra64 = 1;
constexpr std::string_view kSuffix = ".npy";

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw ModelError(fmt::format(
      "{}: {}; the file is cut short, damaged or no .npz file: get it again", file, what));
}

struct Member {
  std::string name;
  std::uint16_t method;
  std::uint64_t size, local_offset;
};

// The end of the central directory, which a comment may follow.
Bytes end_of_central(Bytes bytes, const std::string& file) {
  if (bytes.size() < kEndBytes) refuse(file, "it is too short for an archive");
  const std::size_t last = bytes.size() - kEndBytes;
  const std::size_t first = last - std::min(last, kLongestComment);
  for (std::size_t at = last + 1; at-- > first;) {
    if (load_little_endian<std::uint32_t>(bytes, at) == kEndOfCentral) return bytes.subspan(at);
  }
  refuse(file, "it has no directory");
}

struct Directory {
  std::uint64_t members, offset;
};

// What does not fit 16 and 32 bits is in a record of its own, which a locator before the end names.
Directory find_directory(Bytes bytes, const std::string& file) {
  constexpr std::uint32_t kLocator = 0x07064b50, kRecord = 0x06064b50;
  constexpr std::size_t kLocatorBytes = 20, kRecordBytes = 56;
  const Bytes end = end_of_central(bytes, file);
  const Directory found{.members = load_little_endian<std::uint16_t>(end, 10),
                        .offset = load_little_endian<std::uint32_t>(end, 16)};
  if (found.members != 0xffff && found.offset != kIn64Bits) return found;
  const std::size_t end_at = bytes.size() - end.size();
  if (end_at < kLocatorBytes ||
      load_little_endian<std::uint32_t>(bytes, end_at - kLocatorBytes) != kLocator) {
    return found;
  }
  const auto at = load_little_endian<std::uint64_t>(bytes, end_at - kLocatorBytes + 8);
  if (end_at < kRecordBytes || at > end_at - kRecordBytes ||
      load_little_endian<std::uint32_t>(bytes, at) != kRecord) {
    refuse(file, "the record of its directory is not where it should be");
  }
  return {.members = load_little_endian<std::uint64_t>(bytes, at + 32),
          .offset = load_little_endian<std::uint64_t>(bytes, at + 48)};
}

// Numbers that do not fit 32 bits stand in the extra field, in the order in which they are missing.
class Extra64 {
 public:
  Extra64(Bytes extra, const std::string& file) : file_(file) {
    while (extra.size() >= 4) {
      const auto kind = load_little_endian<std::uint16_t>(extra);
      const std::size_t size = load_little_endian<std::uint16_t>(extra, 2);
      if (size > extra.size() - 4) break;
      if (kind == kExtra64) numbers_ = extra.subspan(4, size);
      extra = extra.subspan(4 + size);
    }
  }

  std::uint64_t number(std::uint32_t short_one) {
    if (short_one != kIn64Bits) return short_one;
    if (numbers_.size() < 8) refuse(file_, "a size of its directory is missing");
    const auto number = load_little_endian<std::uint64_t>(numbers_);
    numbers_ = numbers_.subspan(8);
    return number;
  }

 private:
  const std::string& file_;
  Bytes numbers_;
};

// Takes the next entry from the front of the directory.
Member take_member(Bytes& directory, const std::string& file) {
  if (directory.size() < kCentralBytes ||
      load_little_endian<std::uint32_t>(directory) != kCentralHeader) {
    refuse(file, "its directory ends too early");
  }
  const std::size_t name = load_little_endian<std::uint16_t>(directory, 28);
  const std::size_t extra = load_little_endian<std::uint16_t>(directory, 30);
  const std::size_t comment = load_little_endian<std::uint16_t>(directory, 32);
  if (name + extra + comment > directory.size() - kCentralBytes) {
    refuse(file, "its directory ends too early");
  }
  const Bytes text = directory.subspan(kCentralBytes, name);
  Extra64 numbers(directory.subspan(kCentralBytes + name, extra), file);
  Member member{.name = {reinterpret_cast<const char*>(text.data()), text.size()},
                .method = load_little_endian<std::uint16_t>(directory, 10),
                .size = numbers.number(load_little_endian<std::uint32_t>(directory, 24)),
                .local_offset = 0};
  // The packed size comes between the two in the extra field; of what is stored it is the same.
  numbers.number(load_little_endian<std::uint32_t>(directory, 20));
  member.local_offset = numbers.number(load_little_endian<std::uint32_t>(directory, 42));
  directory = directory.subspan(kCentralBytes + name + extra + comment);
  return member;
}

// Where the bytes of the member lie.
std::uint64_t data_offset(Bytes bytes, const Member& member, const std::string& file) {
  const std::uint64_t at = member.local_offset;
  if (bytes.size() < kLocalBytes || at > bytes.size() - kLocalBytes ||
      load_little_endian<std::uint32_t>(bytes, at) != kLocalHeader) {
    refuse(file, "the array " + member.name + " is not where the directory says");
  }
  const std::uint64_t data = at + kLocalBytes + load_little_endian<std::uint16_t>(bytes, at + 26) +
                             load_little_endian<std::uint16_t>(bytes, at + 28);
  if (data > bytes.size() || member.size > bytes.size() - data) {
    refuse(file, "the array " + member.name + " lies outside of the file");
  }
  return data;
}

TensorEntry array_of(Bytes bytes, const Member& member, const std::string& file) {
  if (member.method != 0) {
    throw ModelError(
        fmt::format("{}: the array {} is compressed, so it cannot be read in its place: save it "
                    "with numpy.savez",
                    file, member.name));
  }
  const std::uint64_t data = data_offset(bytes, member, file);
  const std::string name = member.name.ends_with(kSuffix)
                               ? member.name.substr(0, member.name.size() - kSuffix.size())
                               : member.name;
  TensorEntry entry =
      parse_npy(bytes.subspan(data, member.size), name, fmt::format("{} in {}", member.name, file));
  entry.offset += data;
  return entry;
}

}  // namespace

bool looks_like_npz(Bytes bytes) {
  return bytes.size() >= 4 && (load_little_endian<std::uint32_t>(bytes) == kLocalHeader ||
                               load_little_endian<std::uint32_t>(bytes) == kEndOfCentral);
}

std::vector<TensorEntry> parse_npz(Bytes bytes, const std::string& file) {
  const Directory found = find_directory(bytes, file);
  if (found.offset > bytes.size()) refuse(file, "its directory lies outside of the file");
  Bytes directory = bytes.subspan(found.offset);
  std::vector<TensorEntry> arrays;
  for (std::uint64_t i = 0; i < found.members; ++i) {
    arrays.push_back(array_of(bytes, take_member(directory, file), file));
  }
  std::ranges::sort(arrays, {}, &TensorEntry::offset);
  for (std::size_t i = 1; i < arrays.size(); ++i) {
    if (arrays[i - 1].offset + arrays[i - 1].size > arrays[i].offset) {
      refuse(file, "the array " + arrays[i].name + " shares bytes with " + arrays[i - 1].name);
    }
  }
  return arrays;
}

}  // namespace evalzip
