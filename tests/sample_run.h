// A fixed run with every outcome, estimates, a missing document, weights, a synthetic source with
// known entropy and hostile names: what the golden files of the reports are made from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/record.h"

namespace evalzip {

struct SampleCell {
  std::string corpus, document, codec;
  std::uint64_t original_bytes = 0, encoded_bytes = 0;
  double encode_mb_per_second = 0, decode_mb_per_second = 0;
  std::uint64_t encode_peak_bytes = 0, decode_peak_bytes = 0;
};

// Nine samples in three processes that differ by a few percent in a fixed pattern.
inline std::vector<double> sample_seconds(double middle) {
  std::vector<double> seconds;
  for (const double factor : {1.0, 0.998, 1.004, 1.012, 1.009, 1.031, 0.991, 0.994, 0.999}) {
    seconds.push_back(middle * factor);
  }
  return seconds;
}

inline Record sample_record(const SampleCell& cell) {
  Record record;
  record.key = cell.corpus + "-" + cell.document + "-" + cell.codec;
  record.codec = cell.codec;
  record.version = "1.0";
  record.corpus = cell.corpus;
  record.document = cell.document;
  record.sha256 = "e3b0c442";
  record.outcome = Outcome::ok;
  record.original_bytes = cell.original_bytes;
  record.encoded_bytes = cell.encoded_bytes;
  const double megabytes = static_cast<double>(cell.original_bytes) / 1e6;
  record.encode_seconds = sample_seconds(megabytes / cell.encode_mb_per_second);
  record.decode_seconds = sample_seconds(megabytes / cell.decode_mb_per_second);
  record.encode_cpu_seconds = record.encode_seconds;
  record.decode_cpu_seconds = record.decode_seconds;
  record.encode_rounds = record.decode_rounds = {0, 0, 0, 1, 1, 1, 2, 2, 2};
  record.encode_peak_bytes = cell.encode_peak_bytes;
  record.decode_peak_bytes = cell.decode_peak_bytes;
  return record;
}

inline Record sample_failure(const SampleCell& cell, Outcome outcome, const std::string& detail) {
  Record record;
  record.key = cell.corpus + "-" + cell.document + "-" + cell.codec;
  record.codec = cell.codec;
  record.version = "1.0";
  record.corpus = cell.corpus;
  record.document = cell.document;
  record.outcome = outcome;
  record.detail = detail;
  record.original_bytes = cell.original_bytes;
  return record;
}

inline Environment sample_environment() {
  Environment e;
  e.evalzip_version = "0.1.0";
  e.commit = "abc1234-dirty";
  e.started_utc = "2025-01-31T12:00:00Z";
  e.finished_utc = "2025-01-31T12:05:00Z";
  e.arguments = {"evalzip", "run", "--corpus", "canterbury"};
  e.host = "bench";
  e.os = "Debian GNU/Linux 12 (bookworm)";
  e.kernel = "Linux 6.1.0";
  e.cpu = "Example CPU @ 2.70GHz";
  e.governor = "performance";
  e.libc = "glibc 2.36";
  e.logical_cpus = 4;
  e.usable_cpus = 2;
  e.memory_bytes = 8u << 30;
  e.compiler = "GCC 12.2.0";
  e.flags = "-O3";
  e.build_type = "Release";
  e.libraries = {{"zstd", "1.5.4"}};
  e.warnings = {"the tree had uncommitted changes"};
  return e;
}

// Real sizes of two files of the Canterbury corpus; the other numbers are made up.
inline void add_canterbury(std::vector<Record>& records) {
  const std::string corpus = "canterbury", alice = "alice29.txt", sheet = "kennedy.xls";
  const std::uint64_t alice_bytes = 152089, sheet_bytes = 1029744;
  records = {
      sample_record({corpus, alice, "store", alice_bytes, alice_bytes, 10200, 10400, 4096, 4096}),
      sample_record({corpus, alice, "zstd:1", alice_bytes, 63461, 301, 812, 1200000, 204800}),
      sample_record({corpus, alice, "zstd:19", alice_bytes, 48935, 2.31, 623, 88100000, 204800}),
      sample_record({corpus, alice, "lz4", alice_bytes, 88520, 512, 3140, 16384, 0}),
      sample_failure({corpus, alice, "hanger", alice_bytes}, Outcome::timed_out,
                     "killed after 60 s"),
      sample_failure({corpus, alice, "hog", alice_bytes}, Outcome::out_of_memory,
                     "more than 64 MiB asked for"),
      sample_record({corpus, sheet, "store", sheet_bytes, sheet_bytes, 10100, 10300, 4096, 4096}),
      sample_record({corpus, sheet, "zstd:1", sheet_bytes, 111283, 688, 1420, 1200000, 204800}),
      sample_record({corpus, sheet, "zstd:19", sheet_bytes, 59710, 1.94, 1390, 88100000, 204800}),
      sample_failure({corpus, sheet, "lz4", sheet_bytes}, Outcome::crashed, "signal 11 (SIGSEGV)"),
      sample_failure({corpus, sheet, "hanger", sheet_bytes}, Outcome::timed_out,
                     "killed after 60 s"),
      sample_failure({corpus, sheet, "hog", sheet_bytes}, Outcome::skipped,
                     "the budget of 300 s was spent"),
  };
  for (const std::string codec : {"store", "zstd:1", "zstd:19", "lz4", "hanger", "hog"}) {
    records.push_back(
        sample_failure({corpus, "sum", codec}, Outcome::missing, "not in any corpus folder"));
  }
}

inline void add_large_and_synthetic(std::vector<Record>& records) {
  records.push_back(sample_record(
      {"enwik8", "enwik8", "zstd:19", 100000000, 26944227, 2.5, 801, 90000000, 9000000}));
  Record estimate = sample_record({"enwik8", "enwik8", "llm:model=small,context=2048,segment=65536",
                                   1000000, 151234, 0.00512, 0.00498, 402000000, 402000000});
  estimate.sampled_from_bytes = 100000000;
  estimate.model_bytes = 26900000;
  estimate.model_parameters = 25300000;
  estimate.multiply_adds = 7100000000000;
  estimate.contamination = "Old books and <all> of enwik8.";
  estimate.cross_entropy_bits = 1208990;
  estimate.ideal_bits = 1209000;
  records.push_back(estimate);
  for (const char* codec : {"rans:order=0", "huffman"}) {
    Record record = sample_record({"demo", "bernoulli-0.1", codec, 1000000, 58700, 411, 902, 0, 0});
    if (record.codec == "huffman") record.encoded_bytes = 125312;
    record.true_entropy_bits = 468995.6;
    record.ideal_bits = record.codec == "huffman" ? 1002000 : 469105.2;
    records.push_back(record);
  }
}

inline void add_hostile(std::vector<Record>& records) {
  const std::string corpus = "<b>names\x1b[31m</b>";
  const SampleCell cell = {
      corpus, "日本語\n\"quoted\" \xff.txt", "'; DROP TABLE runs; --", 1000, 700, 1, 2, 0, 0};
  records.push_back(sample_record(cell));
  for (const Outcome outcome : {Outcome::mismatch, Outcome::fault, Outcome::threw}) {
    Record record = sample_failure(cell, outcome, "first line\nsecond \xe2\x80\xae line");
    record.codec = "::error::" + std::string(to_string(outcome));
    records.push_back(record);
  }
}

inline Run sample_run() {
  Run run;
  run.environment = sample_environment();
  run.settings.seed = 1;
  run.settings.samples = 9;
  run.settings.rounds = 3;
  run.settings.min_time_seconds = 0.1;
  run.wall_seconds = 300;
  run.codec_seconds = 291;
  add_canterbury(run.records);
  add_large_and_synthetic(run.records);
  add_hostile(run.records);
  for (const Record& record : run.records) run.order.push_back(record.key);
  return run;
}

}  // namespace evalzip
