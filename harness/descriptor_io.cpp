#include "harness/descriptor_io.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace evalzip {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

void read_exactly(int descriptor, std::uint64_t offset, std::span<std::byte> buffer) {
  while (!buffer.empty()) {
    const ssize_t got = pread(descriptor, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read");
    if (got == 0) throw std::runtime_error("cannot read: the file is shorter than it was");
    buffer = buffer.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

std::size_t read_until_full(int descriptor, std::span<std::byte> buffer) {
  std::size_t have = 0;
  while (have < buffer.size()) {
    const ssize_t got = read(descriptor, buffer.data() + have, buffer.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read");
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

void write_all(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("cannot write");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void write_all(int descriptor, std::string_view text) {
  write_all(descriptor, std::as_bytes(std::span(text)));
}

std::string read_to_end(int descriptor) {
  std::string text;
  std::array<char, 1 << 16> chunk;
  while (true) {
    const ssize_t got = read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read");
    if (got == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace evalzip
