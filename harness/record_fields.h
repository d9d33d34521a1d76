// The fields of a run by their JSON names: one list for reading, writing and checking. A visitor is
// called with (name, field) for each, in the order they are written.
#pragma once

#include "harness/record.h"

namespace evalzip {

// `R` is Record or const Record, and so on below.
template <class R, class Visitor>
void visit_record(R& record, Visitor&& visit) {
  visit("key", record.key);
  visit("codec", record.codec);
  visit("version", record.version);
  visit("corpus", record.corpus);
  visit("document", record.document);
  visit("sha256", record.sha256);
  visit("outcome", record.outcome);
  visit("detail", record.detail);
  visit("original_bytes", record.original_bytes);
  visit("encoded_bytes", record.encoded_bytes);
  visit("encoded_hash", record.encoded_hash);
  visit("model_bytes", record.model_bytes);
  visit("model_sha256", record.model_sha256);
  visit("model_parameters", record.model_parameters);
  visit("contamination", record.contamination);
  visit("multiply_adds", record.multiply_adds);
  visit("cross_entropy_bits", record.cross_entropy_bits);
  visit("ideal_bits", record.ideal_bits);
  visit("true_entropy_bits", record.true_entropy_bits);
  visit("order_0_bits", record.order_0_bits);
  visit("order_2_bits", record.order_2_bits);
  visit("ctw_bits", record.ctw_bits);
  visit("block_bytes", record.block_bytes);
  visit("sampled_from_bytes", record.sampled_from_bytes);
  visit("threads", record.threads);
  visit("encode_peak_bytes", record.encode_peak_bytes);
  visit("decode_peak_bytes", record.decode_peak_bytes);
  visit("encode_instructions", record.encode_instructions);
  visit("decode_instructions", record.decode_instructions);
  visit("counted_bytes", record.counted_bytes);
  visit("encode_seconds", record.encode_seconds);
  visit("decode_seconds", record.decode_seconds);
  visit("encode_cpu_seconds", record.encode_cpu_seconds);
  visit("decode_cpu_seconds", record.decode_cpu_seconds);
  visit("encode_rounds", record.encode_rounds);
  visit("decode_rounds", record.decode_rounds);
}

template <class E, class Visitor>
void visit_environment(E& environment, Visitor&& visit) {
  visit("evalzip_version", environment.evalzip_version);
  visit("commit", environment.commit);
  visit("started_utc", environment.started_utc);
  visit("finished_utc", environment.finished_utc);
  visit("arguments", environment.arguments);
  visit("host", environment.host);
  visit("os", environment.os);
  visit("kernel", environment.kernel);
  visit("cpu", environment.cpu);
  visit("microcode", environment.microcode);
  visit("governor", environment.governor);
  visit("libc", environment.libc);
  visit("logical_cpus", environment.logical_cpus);
  visit("usable_cpus", environment.usable_cpus);
  visit("memory_bytes", environment.memory_bytes);
  visit("compiler", environment.compiler);
  visit("flags", environment.flags);
  visit("build_type", environment.build_type);
  visit("instruction_set", environment.instruction_set);
  visit("allocation", environment.allocation);
  visit("libraries", environment.libraries);
  visit("warnings", environment.warnings);
}

template <class S, class Visitor>
void visit_settings(S& settings, Visitor&& visit) {
  visit("seed", settings.seed);
  visit("samples", settings.samples);
  visit("rounds", settings.rounds);
  visit("exact_samples", settings.exact_samples);
  visit("min_time_seconds", settings.min_time_seconds);
  visit("budget_seconds", settings.budget_seconds);
  visit("timeout_seconds", settings.timeout_seconds);
  visit("memory_limit_bytes", settings.memory_limit_bytes);
  visit("block_bytes", settings.block_bytes);
  visit("sample_bytes", settings.sample_bytes);
  visit("threads", settings.threads);
  visit("pinned_cpu", settings.pinned_cpu);
}

template <class R, class Visitor>
void visit_run(R& run, Visitor&& visit) {
  visit("schema", run.schema);
  visit("complete", run.complete);
  visit("wall_seconds", run.wall_seconds);
  visit("codec_seconds", run.codec_seconds);
  visit("environment", run.environment);
  visit("settings", run.settings);
  visit("order", run.order);
  visit("records", run.records);
}

}  // namespace evalzip
