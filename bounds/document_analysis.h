// All that can be said about one document without a codec.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "bounds/byte_counts.h"
#include "bounds/document_kind.h"
#include "bounds/entropy_profile.h"
#include "bounds/match_lengths.h"
#include "bounds/order_statistics.h"
#include "bounds/randomness.h"
#include "bounds/record_length.h"
#include "bounds/symbol_entropy.h"
#include "codecs/codec.h"
#include "codecs/ctw_model.h"

namespace evalzip {

struct AnalysisSettings {
  unsigned highest_order = kHighestOrder;
  unsigned threads = 1;
  std::size_t memory_bytes = std::size_t{256} << 20;
  // What is slow or needs much memory sees only the beginning of the document.
  std::size_t match_bytes = std::size_t{16} << 20;  // 16 bytes of memory for each
  std::size_t ctw_bytes = std::size_t{2} << 20;     // about 1 MB/s
  CtwSettings ctw = {.depth = 16, .memory_bits = 28};
  unsigned ppm_order = 5;
  std::size_t windows = 64;
};

struct DocumentAnalysis {
  std::uint64_t size = 0;
  DocumentKind kind;
  ByteCounts counts{};
  unsigned distinct = 0;                // byte values that occur
  std::vector<OrderStatistics> orders;  // from order 0; empty for an empty document
  unsigned first_meaningless_order = 0;
  // Half the 95 % interval around each corrected entropy, from order 0, in bits per byte, if the
  // document is the output of a stationary source; they do not reach all orders.
  std::vector<double> half_widths;
  SymbolEntropy words;
  std::optional<SymbolEntropy> characters;
  // Of a language model: not analyze()'s work, but of whoever has one.
  std::uint64_t token_size = 0;  // bytes from the beginning that tokens are of
  std::optional<SymbolEntropy> tokens;
  std::uint64_t model_size = 0;  // bytes from the beginning that model_bits is of
  std::optional<double> model_bits;
  std::optional<Randomness> randomness;
  std::uint64_t match_size = 0;  // bytes from the beginning that match_entropy is of
  std::optional<MatchEntropy> match_entropy;
  std::uint64_t ctw_size = 0;  // bytes from the beginning that ctw_bits is of
  double ctw_bits = 0;
  double ppm_bits = 0;  // of as many bytes
  std::optional<RecordLength> record;
  std::optional<Stride> stride;
  std::vector<ProfileWindow> profile;
};

// Reads the document front to back some times, so a mapped file larger than memory will do.
DocumentAnalysis analyze(Bytes document, const AnalysisSettings& settings);

}  // namespace evalzip
