// Tables at the input of a byte-level model: what the last few bytes mean together, looked up by
// their hash.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/llm/model_file.h"
#include "codecs/llm/weight_reader.h"

namespace evalzip {

// Hashed n-gram embeddings (as in BLT: Pagnoni et al. 2024). Each table's row is added to a part of
// the input of its own, one part behind the other: a table takes memory but next to no time.
class NgramTables {
 public:
  // None where the file has none. Throws ModelError.
  NgramTables(const WeightReader& reader, const ModelFile& file, std::size_t width);

  // `recent`: the last eight bytes, the last one lowest.
  void add_to(std::span<float> row, std::uint64_t recent, const WeightReader& reader) const;

  // Which row of a table of 2^bits rows stands for the bytes. Order 0 is the word so far.
  static std::size_t row_of(std::uint64_t recent, unsigned order, unsigned bits);

  // Bytes of the file that they take.
  static std::uint64_t bytes(const ModelFile& file);

 private:
  struct Table {
    const TensorView* tensor;
    unsigned order, bits;
  };

  std::vector<Table> tables_;
};

}  // namespace evalzip
