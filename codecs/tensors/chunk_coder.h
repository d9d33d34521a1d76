// A chunk of a tensor: some hundred kilobytes that are decoded without any others.
#pragma once

#include <cstdint>
#include <vector>

#include "codecs/codec.h"
#include "codecs/tensors/field_coder.h"
#include "codecs/tensors/near_rows.h"
#include "codecs/tensors/number_format.h"

namespace evalzip {

inline constexpr std::size_t kTensorChunkBytes = 256 * 1024;

// Numbers of one format, in rows of `columns` numbers; 0: the rows are not known.
struct TensorLayout {
  std::size_t format = 0;  // of number_formats()
  std::uint64_t columns = 0;

  const NumberFormat& numbers() const { return number_formats()[format]; }
  // Of each chunk but the last: as many whole rows as kTensorChunkBytes has room for, or else whole
  // blocks.
  std::size_t chunk_bytes() const;
};

// Keeps its scratch memory; one instance per thread.
class ChunkCoder {
 public:
  // Reads chunks of either code.
  explicit ChunkCoder(PlaneCode code = PlaneCode::rans) : fields_(code), classes_(code) {}

  // `chunk` begins with a row, and has whole blocks. Replaces what is in `out`, which has at most
  // one byte more than the chunk.
  void encode(const TensorLayout& layout, Bytes chunk, std::vector<std::byte>& out);

  // False if `in` is not what encode() wrote for a chunk of that size.
  bool decode(const TensorLayout& layout, Bytes in, MutableBytes chunk);

 private:
  void append_fields(const TensorLayout& layout, Bytes chunk, std::size_t columns,
                     std::vector<std::byte>& out);
  bool take_fields(const TensorLayout& layout, Bytes& in, std::size_t columns, MutableBytes chunk);
  void append_near_rows(const TensorLayout& layout, Bytes chunk, const NearRows& near,
                        std::vector<std::byte>& out);
  bool take_near_rows(const TensorLayout& layout, Bytes& in, MutableBytes chunk);

  FieldCoder fields_;
  PlaneCoder classes_;
  std::vector<std::byte> values_;  // of one field
  std::vector<std::byte> rows_, differences_, with_near_rows_;
};

}  // namespace evalzip
