#include "codecs/tensors/tensor_stream.h"

#include <algorithm>

#include "codecs/little_endian.h"

namespace evalzip {
namespace {

// Format, columns.
constexpr std::size_t kHeadBytes = 1 + 4;
constexpr std::size_t kSizeBytes = 4;
// No chunk is shorter than that, but for the last.
constexpr std::size_t kShortestChunk = kTensorChunkBytes / 2;

}  // namespace

std::size_t TensorStream::bound(std::size_t size) {
  return kHeadBytes + size + (kSizeBytes + 1) * (size / kShortestChunk + 1);
}

Result<std::size_t> TensorStream::encode(Bytes input, MutableBytes output) {
  if (output.size() < kHeadBytes) return Fault::output_too_small;
  const TensorLayout layout = layout_ ? *layout_ : guess(input);
  output[0] = static_cast<std::byte>(layout.format);
  store_little_endian(static_cast<std::uint32_t>(layout.columns), output.subspan(1));
  MutableBytes room = output.subspan(kHeadBytes);
  const std::size_t spare = input.size() % layout.numbers().block_bytes;
  Bytes rest = input.first(input.size() - spare);
  while (!rest.empty()) {
    const std::size_t size = std::min(layout.chunk_bytes(), rest.size());
    coder_.encode(layout, rest.first(size), chunk_);
    if (room.size() < kSizeBytes + chunk_.size()) return Fault::output_too_small;
    store_little_endian(static_cast<std::uint32_t>(chunk_.size()), room);
    std::ranges::copy(chunk_, room.begin() + kSizeBytes);
    room = room.subspan(kSizeBytes + chunk_.size());
    rest = rest.subspan(size);
  }
  if (room.size() < spare) return Fault::output_too_small;
  std::ranges::copy(input.last(spare), room.begin());
  return output.size() - room.size() + spare;
}

Result<std::size_t> TensorStream::decode(Bytes input, MutableBytes output) {
  if (input.size() < kHeadBytes) return Fault::corrupt_input;
  const TensorLayout layout{.format = std::to_integer<std::size_t>(input[0]),
                            .columns = load_little_endian<std::uint32_t>(input, 1)};
  if (layout.format >= number_formats().size()) return Fault::corrupt_input;
  input = input.subspan(kHeadBytes);
  const std::size_t spare = output.size() % layout.numbers().block_bytes;
  MutableBytes rest = output.first(output.size() - spare);
  while (!rest.empty()) {
    if (input.size() < kSizeBytes) return Fault::corrupt_input;
    const std::size_t size = load_little_endian<std::uint32_t>(input);
    input = input.subspan(kSizeBytes);
    const std::size_t chunk = std::min(layout.chunk_bytes(), rest.size());
    if (input.size() < size || !coder_.decode(layout, input.first(size), rest.first(chunk))) {
      return Fault::corrupt_input;
    }
    input = input.subspan(size);
    rest = rest.subspan(chunk);
  }
  if (input.size() != spare) return Fault::corrupt_input;
  std::ranges::copy(input, output.end() - static_cast<std::ptrdiff_t>(spare));
  return output.size();
}

TensorLayout TensorStream::guess(Bytes input) {
  constexpr std::size_t kSample = 64 * 1024;
  // From the middle, on a multiple of the longest number.
  const std::size_t size = std::min(kSample, input.size() / 8 * 8);
  const Bytes sample = input.subspan((input.size() - size) / 16 * 8, size);
  TensorLayout best;
  std::size_t least = input.size() + 1;
  for (const char* name : {"bytes", "f16", "bf16", "f32", "f64", "i16", "i32"}) {
    const TensorLayout layout{.format = *number_format_called(name), .columns = 0};
    coder_.encode(layout, sample, chunk_);
    if (chunk_.size() < least) {
      least = chunk_.size();
      best = layout;
    }
  }
  return best;
}

}  // namespace evalzip
