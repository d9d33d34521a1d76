// Two runs compared: what got worse, what got better, what cannot be told.
#pragma once

#include <compare>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/record.h"
#include "harness/statistics.h"
#include "tracking/metric.h"

namespace evalzip {

// The runs have nothing in common that could be compared. The message says what each has.
class ComparisonError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Verdict { regressed, inconclusive, improved, unchanged };
std::string_view to_string(Verdict verdict);

// What makes two records the same cell of different runs.
struct CellName {
  std::string corpus, document, codec;
  std::uint64_t block_bytes = 0;   // 0: the whole document
  std::uint64_t sample_bytes = 0;  // of an estimate; 0: not one
  unsigned threads = 1;

  auto operator<=>(const CellName&) const = default;
  std::string text() const;  // corpus/document codec, printable, on one line
};

CellName cell_name(const Record& record);

// One metric of one cell.
struct Finding {
  CellName cell;
  const Metric* metric = nullptr;
  Verdict verdict = Verdict::unchanged;
  bool gates = false;  // false: told, but no reason to fail
  double base = 0, head = 0;
  // Of head / base, where there are samples; of stored runs for the worst cells only.
  std::optional<Interval95> ratio_interval;
  std::string why;  // of inconclusive and advisory findings

  double ratio() const;  // head / base; 1 if both are 0
};

// A cell that only one run has a result for, or that cannot be compared.
struct CellNote {
  CellName cell;
  std::string detail;
};

// Over all cells that have the metric in both runs, and in which it is positive.
struct MetricMean {
  const Metric* metric = nullptr;
  double ratio = 1;
  Interval95 interval{1, 1};
  std::size_t cells = 0;
};

struct Comparison {
  std::string base, head;            // names of the sides
  std::vector<Finding> findings;     // by verdict, gates first, worst first
  std::vector<CellNote> added;       // no result in base
  std::vector<CellNote> removed;     // not in head
  std::vector<CellNote> failed;      // a result in base, and in head none
  std::vector<CellNote> broken;      // in head the bytes did not come back
  std::vector<CellNote> remodelled;  // head has another model: it cannot decode what base wrote
  std::vector<CellNote> other;       // other bytes, or no result on either side
  std::vector<CellNote> rewritten;   // the encoding has other bytes of the same size
  std::vector<MetricMean> means;
  std::vector<std::string> notes;  // why speeds are not judged, and the like
  std::size_t cells = 0;           // compared
  bool in_turns = false;           // the samples were taken in turns in one job

  std::size_t count(Verdict verdict) const;
  bool regressed() const;  // a finding that gates, or another model
};

struct ComparisonOptions {
  std::string base = "base", head = "head";
  // The samples were taken in turns in one job: speeds may gate.
  bool interleaved = false;
  // The user vouches that speeds of both runs are comparable; host fingerprints must match as well.
  bool trust_stored_speed = false;
  std::optional<double> time_threshold;  // instead of the metric's own
  double false_discovery_rate = 0.01;
};

// Throws ComparisonError if no cell is in both runs.
Comparison compare_runs(const Run& base, const Run& head, const ComparisonOptions& options);

// Puts findings in the order of Comparison::findings.
void sort_findings(std::vector<Finding>& findings);

}  // namespace evalzip
