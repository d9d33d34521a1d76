#include "harness/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace evalzip {
namespace {

template <class T>
void append(std::vector<T>& into, const std::vector<T>& more) {
  into.insert(into.end(), more.begin(), more.end());
}

}  // namespace

void keep_only_outcome(Record& record) {
  record.encoded_bytes.reset();
  record.encoded_hash.clear();
  record.ideal_bits.reset();
  record.encode_peak_bytes.reset();
  record.decode_peak_bytes.reset();
  forget_times(record);
}

void forget_times(Record& record) {
  for (auto* samples : {&record.encode_seconds, &record.decode_seconds, &record.encode_cpu_seconds,
                        &record.decode_cpu_seconds}) {
    samples->clear();
  }
  record.encode_rounds.clear();
  record.decode_rounds.clear();
}

void keep_larger(std::optional<std::uint64_t>& into, const std::optional<std::uint64_t>& other) {
  if (other && (!into || *other > *into)) into = other;
}

void merge_round(Record& into, const Record& round) {
  if (into.outcome == Outcome::skipped) {
    into = round;
    return;
  }
  if (into.outcome != Outcome::ok || round.outcome == Outcome::skipped) return;
  if (round.outcome != Outcome::ok) {
    into.outcome = round.outcome;
    into.detail = round.detail;
    keep_only_outcome(into);
    return;
  }
  if (into.encoded_hash != round.encoded_hash) {
    into.outcome = Outcome::mismatch;
    into.detail = fmt::format(
        "not deterministic: one process encoded to {} bytes, another to {} bytes, not the same",
        into.encoded_bytes.value_or(0), round.encoded_bytes.value_or(0));
    keep_only_outcome(into);
    return;
  }
  if (!into.ideal_bits) {
    into.ideal_bits = round.ideal_bits;
    into.model_parameters = round.model_parameters;
    into.multiply_adds = round.multiply_adds;
    into.cross_entropy_bits = round.cross_entropy_bits;
  }
  keep_larger(into.encode_peak_bytes, round.encode_peak_bytes);
  keep_larger(into.decode_peak_bytes, round.decode_peak_bytes);
  append(into.encode_seconds, round.encode_seconds);
  append(into.decode_seconds, round.decode_seconds);
  append(into.encode_cpu_seconds, round.encode_cpu_seconds);
  append(into.decode_cpu_seconds, round.decode_cpu_seconds);
  append(into.encode_rounds, round.encode_rounds);
  append(into.decode_rounds, round.decode_rounds);
}

Run merge_runs(const std::vector<Run>& runs) {
  Run all = runs.front();
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < all.records.size(); ++i) place.emplace(all.records[i].key, i);
  for (auto run = runs.begin() + 1; run != runs.end(); ++run) {
    const Environment &ours = all.environment, &theirs = run->environment;
    if (ours.host != theirs.host || ours.cpu != theirs.cpu || ours.commit != theirs.commit) {
      all.environment.warnings.push_back(
          fmt::format("merged with a run of {} on {} ({}): speeds are not comparable",
                      theirs.commit, theirs.host, theirs.cpu));
    }
    all.complete = all.complete && run->complete;
    all.wall_seconds += run->wall_seconds;
    all.codec_seconds += run->codec_seconds;
    all.order.insert(all.order.end(), run->order.begin(), run->order.end());
    for (const Record& record : run->records) {
      const auto [it, is_new] = place.emplace(record.key, all.records.size());
      if (is_new) {
        all.records.push_back(record);
      } else {
        merge_round(all.records[it->second], record);
      }
    }
  }
  return all;
}

}  // namespace evalzip
