#include "reports/table_notes.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/model_notes.h"
#include "reports/printable.h"
#include "reports/text_grid.h"

namespace evalzip {
namespace {

// Smallest and largest of some counts: "9", "3 to 9".
class Extent {
 public:
  void add(std::size_t count) {
    least_ = any_ ? std::min(least_, count) : count;
    most_ = std::max(most_, count);
    any_ = true;
  }
  bool any() const { return any_; }
  std::size_t most() const { return most_; }
  std::string text(std::string_view one, std::string_view many) const {
    const std::string_view noun = most_ == 1 ? one : many;
    if (least_ == most_) return fmt::format("{} {}", most_, noun);
    return fmt::format("{} to {} {}", least_, most_, noun);
  }

 private:
  bool any_ = false;
  std::size_t least_ = 0, most_ = 0;
};

std::string method(const Run& run) {
  Extent samples, processes;
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok) continue;
    for (const auto& seconds : {record.encode_seconds, record.decode_seconds}) {
      if (!seconds.empty()) samples.add(seconds.size());
    }
    for (const auto& rounds : {record.encode_rounds, record.decode_rounds}) {
      const std::set<unsigned> distinct(rounds.begin(), rounds.end());
      if (!distinct.empty()) processes.add(distinct.size());
    }
  }
  if (!samples.any()) return {};
  std::string text = "Speed: median of " + samples.text("sample", "samples");
  if (processes.any()) text += " in " + processes.text("process", "processes");
  if (samples.most() > 1) text += "; ± is half the 95% bootstrap interval";
  return text +
         ". MB = 10^6 bytes. Every size and time is of bytes that were decoded and compared.";
}

std::string without_result(const Run& run) {
  std::map<Outcome, std::size_t> counts;
  std::size_t failed = 0;
  for (const Record& record : run.records) {
    if (record.outcome == Outcome::ok) continue;
    ++counts[record.outcome];
    ++failed;
  }
  if (failed == 0) return {};
  std::vector<std::string> parts;
  for (const auto& [outcome, count] : counts) {
    std::string word(to_string(outcome));
    std::ranges::replace(word, '_', ' ');
    parts.push_back(fmt::format("{} {}", count, word));
  }
  std::string text = fmt::format("{} of {} cells have no result: {}.", failed, run.records.size(),
                                 fmt::join(parts, ", "));
  const bool any_document = std::ranges::any_of(run.records, [](const Record& record) {
    return record.outcome == Outcome::missing && !lacks_model(record);
  });
  if (any_document) {
    text +=
        " Lay missing files into a folder that EVALZIP_CORPUS_PATH names, or try `evalzip corpus "
        "fetch`.";
  }
  return text;
}

// Without the figures, which cost more than the answer.
bool any_partial_total(const Run& run) {
  using Setting = std::tuple<std::string_view, std::string_view, std::string_view,
                             std::optional<std::uint64_t>, unsigned, bool>;
  std::map<std::string_view, std::set<std::string_view>> documents;
  std::map<Setting, std::size_t> counts;
  for (const Record& record : run.records) {
    documents[record.corpus].insert(record.document);
    if (record.outcome != Outcome::ok) continue;
    ++counts[{record.corpus, record.codec, record.version, record.block_bytes, record.threads,
              record.sampled_from_bytes.has_value()}];
  }
  return std::ranges::any_of(counts, [&](const auto& entry) {
    return entry.second < documents.at(std::get<0>(entry.first)).size();
  });
}

std::string estimates(const Run& run) {
  std::uint64_t sample = 0, whole = 0;
  for (const Record& record : run.records) {
    if (record.outcome != Outcome::ok || !record.sampled_from_bytes) continue;
    sample += record.original_bytes;
    whole += *record.sampled_from_bytes;
  }
  if (whole == 0) return {};
  return fmt::format(
      "~ is an estimate from a sample of each file ({} of {} bytes); it does not compare with rows "
      "of whole files.",
      format_grouped(sample), format_grouped(whole));
}

std::string weights(const Run& run) {
  const bool any = std::ranges::any_of(run.records, [](const Record& record) {
    return record.outcome == Outcome::ok && record.model_bytes.value_or(0) > 0;
  });
  return any ? "Size and ratio leave out model weights, which the decoder needs too; columns with "
               "them: --columns total_bytes,total_ratio,break_even."
             : "";
}

std::string highlights(const ReportOptions& options) {
  return options.colour ? "Bold: the best, and all whose interval overlaps its own; among rows of "
                          "the same files that compress at all."
                        : "";
}

}  // namespace

std::string table_heading(const Run& run) {
  const Environment& e = run.environment;
  std::vector<std::string> parts = {"evalzip " + e.evalzip_version};
  if (!e.commit.empty()) parts.front() += " (" + e.commit + ")";
  if (!e.cpu.empty()) parts.push_back(e.cpu);
  if (e.usable_cpus > 0) {
    parts.push_back(fmt::format("{} of {} CPUs", e.usable_cpus, e.logical_cpus));
  }
  if (!e.kernel.empty()) parts.push_back(e.kernel);
  if (!e.compiler.empty()) parts.push_back(e.compiler);
  if (!e.build_type.empty()) parts.push_back(e.build_type);
  return printable(fmt::format("{}", fmt::join(parts, " · ")));
}

std::vector<Note> notes_of(const Run& run) {
  std::vector<Note> notes;
  const auto add = [&](std::string text, bool warning) {
    if (!text.empty()) notes.push_back({std::move(text), warning});
  };
  if (run.records.empty()) add("The run has no cells.", true);
  if (!run.complete) add("The run is not complete: it was interrupted, or is still going.", true);
  add(without_result(run), true);
  for (std::string& note : missing_model_notes(run)) add(std::move(note), true);
  if (any_partial_total(run)) {
    add("A total is of the files in its files column; totals of different files do not compare.",
        true);
  }
  for (const std::string& warning : run.environment.warnings) {
    add("Warning: " + printable(warning) + ".", true);
  }
  add(estimates(run), false);
  add(weights(run), false);
  for (std::string& note : model_notes(run)) add(std::move(note), false);
  add(method(run), false);
  return notes;
}

void write_table_notes(const Run& run, const ReportOptions& options,
                       const std::vector<std::string>& left_out, std::ostream& out) {
  const auto write = [&](const std::string& text, Style style) {
    if (text.empty()) return;
    out << styled(wrapped(text, options.width, 2), style, options.colour) << '\n';
  };
  for (const Note& note : notes_of(run)) {
    write(note.text, note.warning ? Style::warning : Style::dim);
  }
  write(highlights(options), Style::dim);
  if (!left_out.empty()) {
    write(fmt::format("Left out to fit {} columns: {}. Choose with --columns.", options.width,
                      fmt::join(left_out, ", ")),
          Style::dim);
  }
}

}  // namespace evalzip
