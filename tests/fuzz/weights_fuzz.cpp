// Any bytes as a file of weights, and as an .evt file whose checksums are right: refused, or read
// to what can be packed and comes back. And any numbers as differences and as chunks.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "codecs/llm/model_error.h"
#include "container/container_error.h"
#include "weights/evt_chunk.h"
#include "weights/evt_pack.h"
#include "weights/evt_unpack.h"

namespace evalzip {
namespace {

RandomAccess access(Bytes bytes) {
  return {.size = bytes.size(), .read = [bytes](std::uint64_t at, MutableBytes buffer) {
            if (at > bytes.size() || buffer.size() > bytes.size() - at) std::abort();
            if (!buffer.empty()) std::memcpy(buffer.data(), bytes.data() + at, buffer.size());
          }};
}

ByteSink sink_of(std::vector<std::byte>& bytes) {
  return [&bytes](Bytes more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
}

void read_container(Bytes bytes) {
  try {
    const RandomAccess file = access(bytes);
    const EvtIndex index = read_evt_index(file);
    if (index.size > 1 << 24) return;
    std::vector<std::byte> out;
    unpack_weights(file, index, {}, sink_of(out));
    if (out.size() != index.size) std::abort();
  } catch (const ContainerError&) {
    // The usual end.
  }
}

void pack_file(Bytes bytes) {
  try {
    const WeightsFile weights{
        .bytes = access(bytes), .index = read_tensor_index(bytes, "fuzzed"), .name = "fuzzed"};
    std::vector<std::byte> container, back;
    pack_weights(weights, {}, sink_of(container));
    const RandomAccess file = access(container);
    unpack_weights(file, read_evt_index(file), {}, sink_of(back));
    if (!std::equal(bytes.begin(), bytes.end(), back.begin(), back.end())) std::abort();
  } catch (const ModelError&) {
    // The usual end.
  }
}

// The bytes as the index of a container that has them before it as well, with a right end.
void read_forged(Bytes bytes) {
  FieldWriter end;
  end.number(std::uint64_t{kEvtHeaderBytes + bytes.size()})
      .number(std::uint64_t{bytes.size()})
      .array(check_of(digest_of(bytes)));
  std::vector<std::byte> container = write_evt_header();
  const std::vector<std::byte> magic(container.begin(), container.begin() + 8);
  for (int i = 0; i < 2; ++i) container.insert(container.end(), bytes.begin(), bytes.end());
  container.insert(container.end(), end.bytes().begin(), end.bytes().end());
  container.insert(container.end(), magic.begin(), magic.end());
  read_container(container);
}

// Numbers of any format, with and without a base.
void code_chunk(Bytes bytes) {
  const TensorLayout layout{
      .format = std::to_integer<std::size_t>(bytes[0]) % number_formats().size(),
      .columns = std::to_integer<std::uint64_t>(bytes[1])};
  const std::size_t unit = layout.numbers().block_bytes;
  const std::size_t size = std::min((bytes.size() - 2) / 2, layout.chunk_bytes()) / unit * unit;
  const Bytes raw = bytes.subspan(2, size), base = bytes.subspan(2 + size, size);
  EvtChunkCoder coder;
  std::vector<std::byte> payload, back(size);
  for (const Bytes from : {Bytes(), base}) {
    coder.encode(layout, raw, from, payload);
    if (!coder.decode(layout, payload, from, back)) std::abort();
    if (!std::equal(raw.begin(), raw.end(), back.begin())) std::abort();
  }
  static_cast<void>(coder.decode(layout, bytes.subspan(2), base, back));
}

}  // namespace
}  // namespace evalzip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  read_container(bytes);
  pack_file(bytes);
  read_forged(bytes);
  if (bytes.size() >= 2) code_chunk(bytes);
  return 0;
}
