#include "codecs/tensors/chunk_coder.h"

#include <algorithm>
#include <cstring>

#include "codecs/little_endian.h"
#include "codecs/tensors/number_difference.h"

namespace evalzip {
namespace {

enum class Method : std::uint8_t { stored = 0, fields = 1, near_rows = 2 };

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

// Rows of a few numbers would pay more for their class than they gain.
bool may_have_near_rows(const NumberFormat& numbers, std::size_t columns) {
  constexpr std::size_t kFewestColumns = 16;
  return columns >= kFewestColumns && has_differences(numbers);
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
  const std::size_t columns = columns_of(layout, chunk.size());
  out.assign(1, static_cast<std::byte>(Method::fields));
  append_fields(layout, chunk, columns, out);
  if (may_have_near_rows(numbers, columns)) {
    if (const auto near = find_near_rows(numbers, chunk, columns * numbers.block_bytes)) {
      with_near_rows_.assign(1, static_cast<std::byte>(Method::near_rows));
      append_near_rows(layout, chunk, *near, with_near_rows_);
      if (with_near_rows_.size() < out.size()) out.swap(with_near_rows_);
    }
  }
  if (out.size() <= chunk.size()) return;
  out.assign(1, static_cast<std::byte>(Method::stored));
  out.insert(out.end(), chunk.begin(), chunk.end());
}

bool ChunkCoder::decode(const TensorLayout& layout, Bytes in, MutableBytes chunk) {
  if (in.empty() || chunk.size() % layout.numbers().block_bytes != 0) return false;
  const auto method = static_cast<Method>(in[0]);
  in = in.subspan(1);
  switch (method) {
    case Method::stored:
      if (in.size() != chunk.size()) return false;
      std::ranges::copy(in, chunk.begin());
      return true;
    case Method::fields:
      return take_fields(layout, in, columns_of(layout, chunk.size()), chunk) && in.empty();
    case Method::near_rows:
      return take_near_rows(layout, in, chunk) && in.empty();
  }
  return false;
}

void ChunkCoder::append_fields(const TensorLayout& layout, Bytes chunk, std::size_t columns,
                               std::vector<std::byte>& out) {
  const NumberFormat& numbers = layout.numbers();
  const std::size_t blocks = chunk.size() / numbers.block_bytes;
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
}

bool ChunkCoder::take_fields(const TensorLayout& layout, Bytes& in, std::size_t columns,
                             MutableBytes chunk) {
  const NumberFormat& numbers = layout.numbers();
  const std::size_t blocks = chunk.size() / numbers.block_bytes;
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
  return true;
}

// The classes, the pattern's place, the plain rows, then of each class the differences.
void ChunkCoder::append_near_rows(const TensorLayout& layout, Bytes chunk, const NearRows& near,
                                  std::vector<std::byte>& out) {
  const NumberFormat& numbers = layout.numbers();
  const std::size_t row = static_cast<std::size_t>(layout.columns) * numbers.block_bytes;
  const Bytes pattern = chunk.subspan(near.pattern * row, row);
  append_little_endian(out, static_cast<std::uint32_t>(near.pattern));
  classes_.append(near.classes, 4, out);
  for (std::uint8_t one = kPlainRow; one <= kFarthestRow; ++one) {
    rows_.clear();
    for (std::size_t i = 0; i < near.classes.size(); ++i) {
      if (near.classes[i] != one) continue;
      const Bytes here = chunk.subspan(i * row, row);
      rows_.insert(rows_.end(), here.begin(), here.end());
    }
    if (one == kPlainRow) {
      append_fields(layout, rows_, static_cast<std::size_t>(layout.columns), out);
      continue;
    }
    differences_.resize(rows_.size());
    for (std::size_t at = 0; at < rows_.size(); at += row) {
      take_differences(numbers, Bytes(rows_).subspan(at, row), pattern,
                       MutableBytes(differences_).subspan(at, row));
    }
    append_fields({.format = difference_format(numbers), .columns = 0}, differences_, 0, out);
  }
}

bool ChunkCoder::take_near_rows(const TensorLayout& layout, Bytes& in, MutableBytes chunk) {
  const NumberFormat& numbers = layout.numbers();
  const std::size_t columns = columns_of(layout, chunk.size());
  if (!may_have_near_rows(numbers, columns) || in.size() < 4) return false;
  const std::size_t row = columns * numbers.block_bytes, count = chunk.size() / row;
  const std::size_t pattern = load_little_endian<std::uint32_t>(in);
  in = in.subspan(4);
  std::vector<std::uint8_t> classes(count);
  if (pattern >= count || !classes_.take(in, 4, classes) || classes[pattern] != kPlainRow ||
      std::ranges::max(classes) > kFarthestRow) {
    return false;
  }
  for (std::uint8_t one = kPlainRow; one <= kFarthestRow; ++one) {
    rows_.resize(static_cast<std::size_t>(std::ranges::count(classes, one)) * row);
    if (one == kPlainRow) {
      if (!take_fields(layout, in, columns, rows_)) return false;
    } else {
      differences_.resize(rows_.size());
      const TensorLayout integers{.format = difference_format(numbers), .columns = 0};
      if (!take_fields(integers, in, 0, differences_)) return false;
      for (std::size_t at = 0; at < rows_.size(); at += row) {
        add_differences(numbers, Bytes(differences_).subspan(at, row),
                        chunk.subspan(pattern * row, row), MutableBytes(rows_).subspan(at, row));
      }
    }
    auto from = rows_.begin();
    for (std::size_t i = 0; i < count; ++i) {
      if (classes[i] != one) continue;
      std::copy_n(from, row, chunk.begin() + static_cast<std::ptrdiff_t>(i * row));
      from += static_cast<std::ptrdiff_t>(row);
    }
  }
  return true;
}

}  // namespace evalzip
