// What the columns of a report are computed from: one record, or the sums over a corpus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/record.h"
#include "harness/statistics.h"
#include "reports/best_known.h"

namespace evalzip {

// Seconds for all documents of a row, each coded once.
struct Timing {
  double median_seconds = 0;          // sum of the documents' medians
  double minimum_seconds = 0;         // sum of the documents' minima
  std::optional<double> cpu_seconds;  // sum of the documents' median CPU times
  // Of median_seconds. Half-widths of several documents are added in quadrature: their errors are
  // taken to be independent, each document having been measured in processes of its own.
  std::optional<Interval95> interval;
  std::optional<double> spread;  // largest relative_spread of any document
};

// Of `ok` records only: nothing that was not decoded and compared has a size or a speed. An
// optional is there if every record of the row has it.
struct Figures {
  std::uint64_t original_bytes = 0, encoded_bytes = 0;
  // Of the documents' ratios; documents without a ratio (empty ones) aside.
  std::optional<double> geometric_mean_ratio;
  std::optional<std::uint64_t> model_bytes;  // the largest: weights are needed once, not per file
  std::optional<double> ideal_bits, true_entropy_bits, order_0_bits, order_2_bits, ctw_bits;
  std::optional<std::uint64_t> model_parameters;  // the largest
  std::optional<std::uint64_t> multiply_adds;
  std::optional<double> cross_entropy_bits;
  std::optional<double> best_known_bits;  // of the same documents: best_known.h
  std::optional<std::uint64_t> best_bytes_without_model;
  std::optional<Timing> encode, decode;
  std::optional<std::uint64_t> encode_peak_bytes, decode_peak_bytes;  // of the hungriest document
};

class BestKnown;

// Precondition: not empty, all `ok`. The second also compares with what is best known of them.
Figures figures_of(const std::vector<const Record*>& records);
Figures figures_of(const std::vector<const Record*>& records, const BestKnown& known);

// One row of a report. Records are pointed to in the run it was made from, which must outlive it.
// Records of whole documents and estimates from samples never share a row, nor do records of
// different codec versions, block sizes or thread counts.
struct Row {
  std::string corpus, codec, version;
  std::optional<std::uint64_t> block_bytes;
  unsigned threads = 1;
  bool estimate = false;

  std::vector<const Record*> ok, failed;
  std::size_t documents = 0;       // in the corpus: how many `ok` could have
  std::optional<Figures> figures;  // absent if `ok` is empty
};

// One row for each codec setting on each corpus, in the order of their first records.
std::vector<Row> rows_of_totals(const Run& run);

// The row of one record alone. `known` is of its run.
Row row_of_document(const Record& record, const BestKnown& known);

}  // namespace evalzip
