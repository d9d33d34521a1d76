#include "codecs/tensors/chunk_coder.h"

#include <algorithm>
#include <cstring>

namespace evalzip {
namespace {

enum class Method : std::uint8_t { stored = 0, coded = 1 };

// The bytes of a row; 0: rows are not known, are no whole blocks, or are longer than a chunk.
std::size_t row_bytes(const TensorLayout& layout) {
  const NumberFormat& numbers = layout.numbers();
  const std::uint64_t blocks = layout.columns / numbers.block_numbers;
  const bool whole = layout.columns % numbers.block_numbers == 0;
  const bool short_enough = blocks <= kTensorChunkBytes / numbers.block_bytes;
  return whole && short_enough ? static_cast<std::size_t>(blocks * numbers.block_bytes) : 0;
}

// Columns as the fields of this chunk see them: only where a block is one number and rows are
// whole.
std::size_t columns_of(const TensorLayout& layout, std::size_t chunk_bytes) {
  const std::size_t row = row_bytes(layout);
  if (row == 0 || layout.numbers().block_numbers != 1 || chunk_bytes % row != 0) return 0;
  return static_cast<std::size_t>(layout.columns);
}

// A constant size lets the compiler copy without a call.
void copy_field(const std::byte* from, std::size_t step, unsigned size, std::byte* to,
                std::size_t to_step, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, from += step, to += to_step) {
    if (size == 2) {
      std::memcpy(to, from, 2);
    } else {
      std::memcpy(to, from, size);
    }
  }
}

bool is_whole_block(const NumberFormat& numbers) { return numbers.fields.size() == 1; }

}  // namespace

std::size_t TensorLayout::chunk_bytes() const {
  const std::size_t unit =
      row_bytes(*this) > 0 ? row_bytes(*this) : std::size_t{numbers().block_bytes};
  return kTensorChunkBytes / unit * unit;
}

void ChunkCoder::encode(const TensorLayout& layout, Bytes chunk, std::vector<std::byte>& out) {
  const NumberFormat& numbers = layout.numbers();
  const std::size_t blocks = chunk.size() / numbers.block_bytes;
  const std::size_t columns = columns_of(layout, chunk.size());
  out.assign(1, static_cast<std::byte>(Method::coded));
  for (const Field& field : numbers.fields) {
    if (is_whole_block(numbers)) {
      fields_.append(field, chunk, columns, out);
      continue;
    }
    values_.resize(blocks * field.bytes);
    copy_field(chunk.data() + field.offset, numbers.block_bytes, field.bytes, values_.data(),
               field.bytes, blocks);
    fields_.append(field, values_, columns, out);
  }
  if (out.size() <= chunk.size()) return;
  out.assign(1, static_cast<std::byte>(Method::stored));
  out.insert(out.end(), chunk.begin(), chunk.end());
}

bool ChunkCoder::decode(const TensorLayout& layout, Bytes in, MutableBytes chunk) {
  const NumberFormat& numbers = layout.numbers();
  if (in.empty() || chunk.size() % numbers.block_bytes != 0) return false;
  const auto method = static_cast<Method>(in[0]);
  in = in.subspan(1);
  if (method == Method::stored) {
    if (in.size() != chunk.size()) return false;
    std::ranges::copy(in, chunk.begin());
    return true;
  }
  if (method != Method::coded) return false;
  const std::size_t blocks = chunk.size() / numbers.block_bytes;
  const std::size_t columns = columns_of(layout, chunk.size());
  for (const Field& field : numbers.fields) {
    if (is_whole_block(numbers)) {
      if (!fields_.take(field, in, columns, chunk)) return false;
      continue;
    }
    values_.resize(blocks * field.bytes);
    if (!fields_.take(field, in, columns, values_)) return false;
    copy_field(values_.data(), field.bytes, field.bytes, chunk.data() + field.offset,
               numbers.block_bytes, blocks);
  }
  return in.empty();
}

}  // namespace evalzip
