// A container made of any bytes, but with checks that are right, so that what stands behind them is
// reached: it gives the bytes its hashes promise, or is refused. And any bytes go there and back.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "codecs/codec_spec.h"
#include "container/container_error.h"
#include "container/evz_block.h"
#include "container/evz_stream.h"
#include "container/fields.h"

namespace evalzip {
namespace {

// No block is so large that making it would be all that is tested.
constexpr std::uint32_t kMostBytes = 1 << 16;

ByteSource source_of(Bytes bytes) {
  return [bytes](MutableBytes buffer) mutable {
    const std::size_t size = std::min(buffer.size(), bytes.size());
    if (size > 0) std::memcpy(buffer.data(), bytes.data(), size);
    bytes = bytes.subspan(size);
    return size;
  };
}

ByteSink sink_of(std::vector<std::byte>& bytes) {
  return [&bytes](Bytes more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
}

EvzWork work(std::byte codec, unsigned threads) {
  static const Registry registry = builtin_codecs();
  constexpr const char* kCodecs[] = {"huffman", "rans:order=1", "store", "ppm:memory_bits=16"};
  const CodecSpec spec = parse_codec_spec(registry, kCodecs[std::to_integer<int>(codec) % 4]);
  return {.make = [spec] { return spec.codec->make(spec.params); }, .threads = threads};
}

// The blocks of `data`, each a size and a payload, with heads whose check is right.
std::vector<std::byte> forged(Bytes data, std::uint32_t block_bytes) {
  std::vector<std::byte> file = write_evz_header(
      {.block_bytes = block_bytes, .codec = "any", .codec_version = "1", .model_sha256 = {}});
  EvzTail tail;
  while (data.size() >= 5) {
    EvzBlock block;
    block.method = static_cast<BlockMethod>(std::to_integer<int>(data[0]) % 4);
    block.raw_bytes = load_little_endian<std::uint16_t>(data.subspan(1));
    const std::size_t size =
        std::min<std::size_t>(load_little_endian<std::uint16_t>(data.subspan(3)), data.size() - 5);
    block.payload.assign(data.begin() + 5, data.begin() + 5 + static_cast<std::ptrdiff_t>(size));
    if (block.method == BlockMethod::stored) block.raw = block.payload;
    block.hash = digest_of(block.raw);
    const std::vector<std::byte> head = write_block_head(block);
    file.insert(file.end(), head.begin(), head.end());
    file.insert(file.end(), block.payload.begin(), block.payload.end());
    tail.payload_bytes.push_back(static_cast<std::uint32_t>(size));
    tail.raw_bytes += block.raw_bytes;
    data = data.subspan(5 + size);
  }
  const std::vector<std::byte> end = write_evz_tail(tail);
  file.insert(file.end(), end.begin(), end.end());
  return file;
}

void decode(Bytes file, const EvzWork& one) {
  std::vector<std::byte> raw;
  try {
    const ByteSource source = source_of(file);
    const SizedHeader header = read_evz_header(source);
    if (header.header.block_bytes > kMostBytes) return;
    const EvzTotals totals = decompress(header, one, source, sink_of(raw));
    if (totals.hash != digest_of(raw) || totals.raw_bytes != raw.size()) std::abort();
  } catch (const ContainerError&) {
    // The usual end.
  }
  try {
    summarise_evz(file.size(), [&](std::uint64_t at, MutableBytes bytes) {
      if (at > file.size() || bytes.size() > file.size() - at) std::abort();
      if (!bytes.empty()) std::memcpy(bytes.data(), file.data() + at, bytes.size());
    });
  } catch (const ContainerError&) {
    // The usual end.
  }
}

void there_and_back(Bytes raw, std::uint32_t block_bytes, const EvzWork& one) {
  std::vector<std::byte> file, back;
  compress({.block_bytes = block_bytes, .codec = "any", .codec_version = "1", .model_sha256 = {}},
           one, source_of(raw), sink_of(file));
  const ByteSource source = source_of(file);
  decompress(read_evz_header(source), one, source, sink_of(back));
  if (!std::equal(raw.begin(), raw.end(), back.begin(), back.end())) std::abort();
}

}  // namespace
}  // namespace evalzip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  const Bytes input = std::as_bytes(std::span(data, size));
  decode(input, work(std::byte{0}, 1));
  if (input.size() < 4) return 0;
  const EvzWork one = work(input[0], 1 + std::to_integer<unsigned>(input[1]) % 3);
  const std::uint32_t block_bytes = 1U + load_little_endian<std::uint16_t>(input.subspan(2));
  decode(forged(input.subspan(4), block_bytes), one);
  there_and_back(input.subspan(4), std::max<std::uint32_t>(block_bytes, 16), one);
  return 0;
}
