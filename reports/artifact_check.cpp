#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "harness/record_json.h"
#include "harness/statistics.h"
#include "reports/artifact.h"
#include "reports/artifact_manifest.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

const std::string& text_of(const FoundFiles& files, const std::string& path) {
  const auto found = files.find(path);
  if (found == files.end()) {
    throw ReportError(fmt::format("the bundle has no {}", printable(path)));
  }
  return found->second;
}

std::size_t first_different_line(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  return 1 + static_cast<std::size_t>(std::count(a.begin(), in_a, '\n'));
}

// A line of manifest.json is about every file, so it would differ with each of them.
bool is_about_others(std::string_view path) { return path == "manifest.json"; }

void compare(const ArtifactFile& rendered, const FoundFiles& files, ArtifactCheck& check) {
  const auto found = files.find(rendered.path);
  if (found == files.end()) {
    check.problems.push_back(fmt::format("{} is missing", rendered.path));
    return;
  }
  ++check.rendered;
  if (found->second == rendered.text) return;
  if (is_about_others(rendered.path) && !check.problems.empty()) return;
  check.problems.push_back(fmt::format("{} is not what the runs give: line {} differs",
                                       rendered.path,
                                       first_different_line(rendered.text, found->second)));
}

// The page of a build with another chart library, or none, is another page.
void leave_out_page(std::vector<ArtifactFile>& rendered, const FoundFiles& files,
                    ArtifactCheck& check) {
  check.notes.push_back(
      "index.html was not rendered anew: the chart library in it is not in this build");
  std::erase_if(rendered, [](const ArtifactFile& file) {
    return file.path == "index.html" || file.path == "manifest.json";
  });
  if (!files.contains("index.html")) check.problems.push_back("index.html is missing");
}

using CellName = std::tuple<std::string, std::string, std::string, std::string>;

CellName name_of(const Record& record) {
  const std::string block = record.block_bytes ? std::to_string(*record.block_bytes) : "";
  return {record.corpus, record.document, record.codec, block};
}

std::string words(const Record& record) {
  return printable(fmt::format("{} on {}/{}", record.codec, record.corpus, record.document));
}

std::optional<std::string> difference(const Record& before, const Record& now) {
  if (before.sha256 != now.sha256) return words(before) + ": another document";
  if (now.outcome != Outcome::ok) {
    return fmt::format("{}: {}", words(before), to_string(now.outcome));
  }
  if (before.encoded_bytes == now.encoded_bytes) return std::nullopt;
  const std::string version =
      before.version == now.version
          ? ""
          : printable(fmt::format(" (version {}, was {})", now.version, before.version));
  return fmt::format("{}: {} bytes, published {}{}", words(before), *now.encoded_bytes,
                     *before.encoded_bytes, version);
}

// How the speeds of both compare, where both have them.
class SpeedQuotient {
 public:
  void add(const std::vector<double>& before, const std::vector<double>& now) {
    if (before.empty() || now.empty()) return;
    const double quotient = median(before) / median(now);
    if (quotient > 0 && std::isfinite(quotient)) quotients_.push_back(quotient);
  }
  std::string words(std::string_view side) const {
    if (quotients_.empty()) return "";
    return fmt::format("{} speed here is {:.2f} times the published one (geometric mean)", side,
                       geometric_mean(quotients_));
  }

 private:
  std::vector<double> quotients_;
};

}  // namespace

ArtifactCheck check_artifact(const FoundFiles& files) {
  const ArtifactManifest manifest = parse_manifest(text_of(files, "manifest.json"));
  ArtifactCheck check;
  for (const std::string& path : manifest.runs) {
    check.runs.push_back(parse_run(text_of(files, path)));
  }
  std::vector<ArtifactFile> rendered = artifact_files(check.runs, manifest.options);
  std::set<std::string> known;
  for (const ArtifactFile& file : rendered) known.insert(file.path);
  if (manifest.chart_library != has_chart_library()) leave_out_page(rendered, files, check);
  for (const ArtifactFile& file : rendered) compare(file, files, check);
  for (const auto& [path, text] : files) {
    if (!known.contains(path)) {
      check.notes.push_back(printable(path) + " is not of the bundle, and was not looked at");
    }
  }
  return check;
}

ArtifactCheck check_reproduction(const std::vector<Run>& published, const Run& repeated) {
  std::map<CellName, const Record*> now;
  for (const Record& record : repeated.records) now.emplace(name_of(record), &record);
  ArtifactCheck check;
  SpeedQuotient encode, decode;
  for (const Run& run : published) {
    for (const Record& before : run.records) {
      const auto found = now.find(name_of(before));
      if (before.outcome != Outcome::ok || found == now.end()) continue;
      ++check.rendered;
      if (const auto text = difference(before, *found->second)) check.problems.push_back(*text);
      encode.add(before.encode_seconds, found->second->encode_seconds);
      decode.add(before.decode_seconds, found->second->decode_seconds);
    }
  }
  if (check.rendered == 0) check.problems.emplace_back("the runs have no cell in common");
  for (const std::string& text : {encode.words("encode"), decode.words("decode")}) {
    if (!text.empty()) check.notes.push_back(text);
  }
  return check;
}

}  // namespace evalzip
