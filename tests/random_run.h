// Runs full of everything that a run may hold, from a seed: for round-trip properties.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "harness/record.h"

namespace evalzip {

class RandomRun {
 public:
  explicit RandomRun(std::uint64_t seed) : engine_(seed) {}

  Run run() {
    Run run;
    run.environment = environment();
    run.settings = settings();
    for (std::uint64_t n = below(4); n > 0; --n) run.order.push_back(text());
    run.complete = flip();
    run.wall_seconds = number();
    run.codec_seconds = number();
    for (std::uint64_t n = below(5); n > 0; --n) run.records.push_back(record());
    return run;
  }

  Record record() {
    Record record;
    for (std::string* field : {&record.key, &record.codec, &record.version, &record.corpus,
                               &record.document, &record.sha256, &record.detail}) {
      *field = text();
    }
    record.outcome = static_cast<Outcome>(below(9));
    record.original_bytes = engine_();
    for (auto* field :
         {&record.encoded_bytes, &record.model_bytes, &record.model_parameters,
          &record.multiply_adds, &record.block_bytes, &record.sampled_from_bytes,
          &record.encode_peak_bytes, &record.decode_peak_bytes, &record.encode_instructions,
          &record.decode_instructions, &record.counted_bytes}) {
      if (flip()) *field = engine_();
    }
    if (record.outcome == Outcome::ok) record.encoded_bytes = engine_();
    record.encoded_hash = text();
    if (flip()) record.contamination = text();
    if (flip()) record.cross_entropy_bits = number();
    if (flip()) record.ideal_bits = number();
    if (flip()) record.true_entropy_bits = number();
    if (flip()) record.order_0_bits = number();
    if (flip()) record.order_2_bits = number();
    if (flip()) record.ctw_bits = number();
    record.threads = static_cast<unsigned>(engine_());
    samples(record.encode_seconds, record.encode_cpu_seconds, record.encode_rounds);
    samples(record.decode_seconds, record.decode_cpu_seconds, record.decode_rounds);
    return record;
  }

  // Any finite double that is not negative: subnormal, tiny, huge.
  double number() {
    const double any = std::bit_cast<double>(engine_() >> 1);
    return std::isfinite(any) ? any : 0.1;
  }

  // Ordinary, escaped, invalid UTF-8, control characters, what breaks other formats.
  std::string text() {
    static const std::vector<std::string> hostile = {
        "",
        "zstd:19,long=27",
        "\"\\/\b\f\n\r\t",
        std::string("nul\0inside", 10),
        "\x1b[31mred\x1b[0m",
        "\xff\xfe\x80",
        "\xc0\xaf overlong \xed\xa0\x80 surrogate \xf4\x90\x80\x80 beyond",
        "\xef\xbf\xbd",
        std::string("\xef\xbf\xbd") + "41",
        "\xe2\x80\xae right to left",
        "<script>alert(1)</script>",
        "'; DROP TABLE runs; --",
        "::error::x",
        "=1+1",
        "日本語/ファイル",
        "cut \xe6\x97"};
    if (flip()) return hostile[below(hostile.size())];
    std::string bytes(below(20), ' ');
    for (char& byte : bytes) byte = static_cast<char>(below(256));
    return bytes;
  }

  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool flip() { return below(2) == 1; }

 private:
  Environment environment() {
    Environment e;
    for (std::string* field :
         {&e.evalzip_version, &e.commit, &e.started_utc, &e.finished_utc, &e.host, &e.os, &e.kernel,
          &e.cpu, &e.microcode, &e.governor, &e.libc, &e.compiler, &e.flags, &e.build_type}) {
      *field = text();
    }
    if (flip()) e.instruction_set = text();
    for (std::uint64_t n = below(3); n > 0; --n) e.arguments.push_back(text());
    for (std::uint64_t n = below(3); n > 0; --n) e.libraries.emplace_back(text(), text());
    for (std::uint64_t n = below(3); n > 0; --n) e.warnings.push_back(text());
    e.logical_cpus = static_cast<unsigned>(engine_());
    e.usable_cpus = static_cast<unsigned>(engine_());
    e.memory_bytes = engine_();
    return e;
  }

  Settings settings() {
    Settings s;
    s.seed = engine_();
    s.samples = static_cast<unsigned>(below(100));
    s.rounds = static_cast<unsigned>(below(100));
    s.exact_samples = flip();
    s.min_time_seconds = number();
    if (flip()) s.budget_seconds = number();
    if (flip()) s.timeout_seconds = number();
    for (auto* field : {&s.memory_limit_bytes, &s.block_bytes, &s.sample_bytes}) {
      if (flip()) *field = engine_();
    }
    s.threads = static_cast<unsigned>(below(64));
    if (flip()) s.pinned_cpu = static_cast<unsigned>(below(64));
    return s;
  }

  void samples(std::vector<double>& seconds, std::vector<double>& cpu,
               std::vector<unsigned>& rounds) {
    const bool with_cpu = flip(), with_rounds = flip();
    for (std::uint64_t n = below(6); n > 0; --n) {
      seconds.push_back(number());
      if (with_cpu) cpu.push_back(number());
      if (with_rounds) rounds.push_back(static_cast<unsigned>(below(9)));
    }
  }

  std::mt19937_64 engine_;
};

}  // namespace evalzip
