// What one run measured: plain data, raw samples, absent is absent and never 0. The measuring side
// owns it; reports are functions of it. Field by field with units: docs/record_format.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evalzip {

inline constexpr int kRunSchema = 1;

enum class Outcome {
  ok,             // decoded back and compared: the only outcome with sizes and times
  mismatch,       // the decoded bytes differ, or the encoder contradicts itself
  fault,          // the codec refused, or failed with an error of its own
  threw,          // the codec threw an exception
  crashed,        // the worker died of a signal, or memory outside the buffers was written
  timed_out,      // killed at --timeout
  out_of_memory,  // an allocation failed, or --memory-limit was reached
  missing,        // the document or the codec is not at hand
  skipped         // planned, not run: the budget was spent, or the run was interrupted
};

inline constexpr std::array kOutcomes{
    Outcome::ok,        Outcome::mismatch,      Outcome::fault,   Outcome::threw,  Outcome::crashed,
    Outcome::timed_out, Outcome::out_of_memory, Outcome::missing, Outcome::skipped};

std::string_view to_string(Outcome outcome);
std::optional<Outcome> outcome_named(std::string_view name);  // absent: there is no such outcome

// One codec setting on one document.
struct Record {
  std::string key;      // content address of the cell: lower-case hex
  std::string codec;    // canonical spec: "zstd:19"
  std::string version;  // of the codec
  std::string corpus, document;
  std::string sha256;  // of the bytes that were compressed; empty if the document is missing
  Outcome outcome = Outcome::skipped;
  std::string detail;  // why, when outcome is not ok

  std::uint64_t original_bytes = 0;
  std::optional<std::uint64_t> encoded_bytes;
  std::string encoded_hash;  // XXH3-128 of the encoded bytes; empty if there are none
  std::optional<std::uint64_t> model_bytes;       // weights the decoder needs beside encoded_bytes
  std::optional<std::string> model_sha256;        // of the file they are in
  std::optional<std::uint64_t> model_parameters;  // numbers in that file
  // Which test data the model may have read, in its manifest's words; absent where no manifest
  // knows it.
  std::optional<std::string> contamination;
  // Of the model, to code the document in one direction: multiplications, each with an addition.
  std::optional<std::uint64_t> multiply_adds;
  // Under the model's own probabilities, before they become the integer counts of ideal_bits.
  std::optional<double> cross_entropy_bits;
  std::optional<double> ideal_bits;         // code length under the codec's own model
  std::optional<double> true_entropy_bits;  // synthetic documents: entropy of the source
  // Empirical entropy of order 0 and 2 times the length; absent where the document is too short for
  // it to mean something (bounds/order_statistics.h).
  std::optional<double> order_0_bits, order_2_bits;
  std::optional<double> ctw_bits;            // code length of context-tree weighting, if worked out
  std::optional<std::uint64_t> block_bytes;  // --block-size; absent: the whole document at once
  // --sample: the document is `original_bytes` taken from `sampled_from_bytes`. Such a record is an
  // estimate and is never mixed with records of whole documents.
  std::optional<std::uint64_t> sampled_from_bytes;
  unsigned threads = 1;  // blocks coded at once by the harness

  // Peak resident memory of the worker above what it had with its buffers in place, in bytes.
  std::optional<std::uint64_t> encode_peak_bytes, decode_peak_bytes;
  // --instructions: executed by one call on `counted_bytes` of the document.
  std::optional<std::uint64_t> encode_instructions, decode_instructions, counted_bytes;

  // Seconds per call, every sample in the order taken, nothing removed. A sample is at least
  // --min-time of calls, or one whole call.
  std::vector<double> encode_seconds, decode_seconds;
  std::vector<double> encode_cpu_seconds, decode_cpu_seconds;
  // Round (worker process) that each sample came from; parallel to the seconds.
  std::vector<unsigned> encode_rounds, decode_rounds;

  bool operator==(const Record&) const = default;
};

// Where and how a run was made.
struct Environment {
  std::string evalzip_version, commit;  // commit ends in "-dirty" if the tree had changes
  std::string started_utc, finished_utc;
  std::vector<std::string> arguments;  // as typed
  std::string host, os, kernel, cpu, microcode, governor, libc;
  unsigned logical_cpus = 0, usable_cpus = 0;  // in the machine; this process may use
  std::uint64_t memory_bytes = 0;
  std::string compiler, flags, build_type;
  // With --instructions: what counted them and which instructions codecs had: "perf,avx512",
  // "valgrind-3.19.0,avx2".
  std::optional<std::string> instruction_set;
  // Under a scheduler: the job, its node, what it was given: "slurm job 12_3 on node n2, 4 CPUs".
  std::optional<std::string> allocation;
  std::vector<std::pair<std::string, std::string>> libraries;  // name, version
  std::vector<std::string> warnings;  // "debug build", "governor is powersave", ...

  bool operator==(const Environment&) const = default;
};

// The settings that shaped the run.
struct Settings {
  std::uint64_t seed = 0;
  unsigned samples = 0, rounds = 0;  // samples per direction in all; worker pairs per cell
  bool exact_samples = false;        // the user asked for that many, however long a call takes
  double min_time_seconds = 0;
  std::optional<double> budget_seconds, timeout_seconds;
  std::optional<std::uint64_t> memory_limit_bytes, block_bytes, sample_bytes;
  unsigned threads = 1;
  std::optional<unsigned> pinned_cpu;

  bool operator==(const Settings&) const = default;
};

struct Run {
  int schema = kRunSchema;
  Environment environment;
  Settings settings;
  std::vector<std::string> order;  // keys of the cells in the order run, round after round
  bool complete = false;           // false: interrupted, or still running
  // Wall time of the run, and the part of it that workers spent inside codecs. The difference is
  // what measuring cost.
  double wall_seconds = 0, codec_seconds = 0;
  std::vector<Record> records;  // in the order of the plan: corpus, document, codec

  bool operator==(const Run&) const = default;
};

}  // namespace evalzip
