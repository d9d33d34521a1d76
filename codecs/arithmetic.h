// Blocks of bytes through a model and the range coder: the format "Arithmetic" of docs/formats.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "codecs/alphabet.h"
#include "codecs/arena.h"
#include "codecs/arithmetic_streams.h"
#include "codecs/codec.h"

namespace evalzip {

// What predicts the next symbol.
enum class ArithmeticModel : std::uint8_t {
  fixed,     // the shares of the whole block, told to the decoder (StaticModel)
  adaptive,  // QuasiStaticModel: the fast one
  binary,    // a tree of AdaptiveBit
  kt,        // a tree of KtBit: the textbook's estimator, no constants to choose
};

struct ArithmeticSettings {
  ArithmeticModel model = ArithmeticModel::adaptive;
  unsigned order = 0;  // how many symbols before are the context: 0 to 2, for a fixed model 0
};

// Codes blocks, each for itself. Keeps its memory between calls; one instance per thread.
class ArithmeticBlockCoder {
 public:
  explicit ArithmeticBlockCoder(ArithmeticSettings settings) : settings_(settings) {}

  // A block that does not shrink is stored behind one byte.
  static std::size_t bound(std::size_t size) { return size + 1; }

  Result<std::size_t> encode(Bytes block, MutableBytes output);
  Result<std::size_t> decode(Bytes encoded, MutableBytes block);

  // The model's code length of the block, without headers, in bits; at most that of a stored block.
  double ideal_bits(Bytes block);

 private:
  SymbolSource symbols_of(const Alphabet& alphabet, Bytes block);
  Result<std::size_t> encode_coded(const Alphabet& alphabet, Bytes block, MutableBytes output);
  bool decode_coded(Bytes encoded, MutableBytes block);
  MutableBytes room_for_streams(std::size_t size);

  ArithmeticSettings settings_;
  std::vector<std::uint8_t> symbols_;  // of an extended alphabet
  Arena arena_;                        // of the models
  std::unique_ptr<std::byte[]> streams_;
  std::size_t streams_size_ = 0;
};

}  // namespace evalzip
