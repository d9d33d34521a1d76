#include "reports/selection.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "reports/columns.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

struct Filter {
  std::string_view field;
  bool negated = false;
  std::vector<std::string_view> patterns;

  bool lets(const Record& record) const {
    const std::string_view text = value(record);
    const bool any = std::ranges::any_of(
        patterns, [&](std::string_view pattern) { return filter_matches(pattern, text); });
    return any != negated;
  }

 private:
  std::string_view value(const Record& record) const {
    if (field == "codec") return record.codec;
    if (field == "corpus") return record.corpus;
    if (field == "document") return record.document;
    if (field == "version") return record.version;
    return to_string(record.outcome);
  }
};

constexpr std::string_view kFields[] = {"codec", "corpus", "document", "version", "outcome"};

Filter parse_filter(std::string_view text) {
  Filter filter;
  const std::size_t equals = text.find('=');
  if (equals != text.npos && equals > 0) {
    filter.negated = text[equals - 1] == '!';
    filter.field = text.substr(0, equals - (filter.negated ? 1 : 0));
  }
  if (std::ranges::find(kFields, filter.field) == std::end(kFields)) {
    throw ReportError(fmt::format(
        "--filter {}: write FIELD=PATTERN|PATTERN or FIELD!=..., for example codec=zstd:* "
        "(fields: codec, corpus, document, version, outcome)",
        text));
  }
  text.remove_prefix(equals + 1);
  for (std::size_t bar; (bar = text.find('|')) != text.npos; text.remove_prefix(bar + 1)) {
    filter.patterns.push_back(text.substr(0, bar));
  }
  filter.patterns.push_back(text);
  return filter;
}

// A cell's content address; runs made by hand may have none, and then a cell is what its names say.
using CellId = std::tuple<std::string, std::string, std::string, std::string>;

CellId cell_id(const Record& record) {
  if (!record.key.empty()) return {record.key, "", "", ""};
  return {record.corpus, record.document, record.codec, record.version};
}

void add_words(Environment& to, const Environment& from) {
  for (const std::string& warning : from.warnings) {
    if (std::ranges::find(to.warnings, warning) == to.warnings.end()) {
      to.warnings.push_back(warning);
    }
  }
  to.finished_utc = std::max(to.finished_utc, from.finished_utc);
}

class HostRun {
 public:
  explicit HostRun(const Run& run) : run_(run) {
    run_.records.clear();
    run_.order.clear();
    run_.wall_seconds = run_.codec_seconds = 0;
  }

  void add(const Run& run, const std::vector<Filter>& filters) {
    add_words(run_.environment, run.environment);
    run_.complete = run_.complete && run.complete;
    run_.wall_seconds += run.wall_seconds;
    run_.codec_seconds += run.codec_seconds;
    run_.order.insert(run_.order.end(), run.order.begin(), run.order.end());
    // Within one run every record stays, even if two should look alike.
    std::vector<std::pair<CellId, std::size_t>> added;
    for (const Record& record : run.records) {
      const auto lets = [&](const Filter& filter) { return filter.lets(record); };
      if (!std::ranges::all_of(filters, lets)) continue;
      const auto known = places_.find(cell_id(record));
      if (known == places_.end()) {
        added.emplace_back(cell_id(record), run_.records.size());
        run_.records.push_back(record);
      } else if (record.outcome == Outcome::ok ||
                 run_.records[known->second].outcome != Outcome::ok) {
        run_.records[known->second] = record;
      }
    }
    places_.insert(added.begin(), added.end());
  }

  Run take() { return std::move(run_); }

 private:
  Run run_;
  std::map<CellId, std::size_t> places_;
};

}  // namespace

std::vector<Run> runs_by_host(std::span<const Run> runs, const std::vector<std::string>& filters) {
  std::vector<Filter> parsed;
  for (const std::string& filter : filters) parsed.push_back(parse_filter(filter));
  // The usual report, of one whole run, needs no merging.
  if (runs.size() == 1 && parsed.empty()) return {runs.front()};
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  std::vector<HostRun> hosts;
  for (const Run& run : runs) {
    const std::pair machine(run.environment.host, run.environment.cpu);
    const auto [place, is_new] = places.emplace(machine, hosts.size());
    if (is_new) hosts.emplace_back(run);
    hosts[place->second].add(run, parsed);
  }
  std::vector<Run> merged;
  for (HostRun& host : hosts) merged.push_back(host.take());
  if (merged.empty()) merged.emplace_back();
  return merged;
}

std::string host_label(const Environment& environment) {
  std::string label = environment.host;
  if (!label.empty() && !environment.cpu.empty()) label += ", ";
  return printable(label + environment.cpu);
}

// Greedy with one point of return: the last star seen.
bool filter_matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0, in_text = 0;
  std::size_t star = pattern.npos, after_star = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      after_star = in_text;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[in_text])) {
      ++at;
      ++in_text;
    } else if (star != pattern.npos) {
      at = star + 1;
      in_text = ++after_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == pattern.npos;
}

}  // namespace evalzip
