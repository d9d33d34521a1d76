#include "reports/artifact_texts.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/shell_words.h"
#include "reports/artifact_manifest.h"
#include "reports/columns.h"
#include "reports/printable.h"
#include "reports/provenance.h"

namespace evalzip {
namespace {

constexpr std::string_view kReadme = R"(# Measurements of lossless compressors

| path | what it is |
| --- | --- |
| {0} | every sample of every cell, and where it was measured: all else is rendered from it |
| tables/ | totals and documents as CSV, the table as text, Markdown and LaTeX |
| figures/ | charts as SVG, the Pareto fronts for LaTeX |
| report.tex | table and figures as a document: `pdflatex report.tex` |
| index.html | the same to explore in a browser, without network |
| environment.txt | machine, system, compiler, libraries |
| corpora.tsv | SHA-256 of every document that was compressed |
| reproduce.sh | measures everything anew and compares |
| manifest.json | how the files were rendered, and the SHA-256 of each |

## Needed

- evalzip (measured with {1}), which builds on Linux with CMake and a C++20 compiler; see its README
- the corpora of corpora.tsv: `evalzip corpus fetch NAME`, or a folder that EVALZIP_CORPUS_PATH names
- as much time as the runs took: {2}

## To check

1. `evalzip verify-artifact .` renders every table and figure from the samples and compares byte for byte. It takes seconds.
2. `./reproduce.sh` measures anew. Sizes must be equal, byte for byte, on every machine, given the same versions of the
   libraries (environment.txt). Speeds are those of this machine; it prints how they compare.
)";

constexpr std::string_view kScript = R"sh(#!/bin/sh
# Measures anew what this bundle reports, then compares: sizes must be equal, speeds are printed.
# usage: reproduce.sh [EVALZIP]   The program; EVALZIP_CORPUS_PATH names folders of corpora.
set -eu
evalzip=${1:-evalzip}
case $evalzip in
  */*) evalzip=$(cd "$(dirname "$evalzip")" && pwd)/$(basename "$evalzip") ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
"$evalzip" verify-artifact "$here"
work=$(mktemp -d)
echo "new runs go to $work"
failed=0
)sh";

std::string duration(std::span<const Run> runs) {
  double seconds = 0;
  for (const Run& run : runs) seconds += run.wall_seconds;
  if (seconds < 120) return fmt::format("{:.0f} seconds", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} minutes", seconds / 60);
  return fmt::format("{:.1f} hours", seconds / 3600);
}

std::string versions(std::span<const Run> runs) {
  std::set<std::string> names;
  for (const Run& run : runs) {
    names.insert(
        printable(fmt::format("{} ({})", run.environment.evalzip_version, run.environment.commit)));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// Flags that say where a run goes, that it goes on, or on which machines; whoever repeats it has a
// machine of their own. Those of the first list have a value behind them or behind '='.
constexpr std::array<std::string_view, 13> kWithValue{
    "--out",        "--executor",   "--partition",   "--account",      "--time",
    "--constraint", "--sbatch",     "--bundle",      "--max-parallel", "--stage",
    "--estimates",  "--checkpoint", "--on-interrupt"};
constexpr std::array<std::string_view, 3> kWithout{"--resume", "--watch", "--detach"};

template <class Flags>
bool is_among(std::string_view flag, const Flags& flags) {
  return std::ranges::find(flags, flag) != flags.end();
}

std::vector<std::string> repeatable(const std::vector<std::string>& arguments) {
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    if (is_among(flag, kWithValue)) {
      if (equals == argument.npos) ++i;
    } else if (!is_among(flag, kWithout)) {
      kept.push_back(argument);
    }
  }
  return kept;
}

}  // namespace

std::string artifact_readme(std::span<const Run> runs) {
  return fmt::format(kReadme, runs.size() == 1 ? "run.json" : "runs/", versions(runs),
                     duration(runs));
}

std::string environment_text(std::span<const Run> runs) {
  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    text += fmt::format("{}{}\n", i > 0 ? "\n" : "", run_path(i, runs.size()));
    for (const auto& [name, line] : provenance(runs[i])) {
      text += fmt::format("{:<10} {}\n", name, printable(line));
    }
  }
  return text;
}

std::string corpora_text(std::span<const Run> runs) {
  std::set<std::tuple<std::string, std::string, std::uint64_t, std::string>> documents;
  for (const Run& run : runs) {
    for (const Record& record : run.records) {
      if (record.sha256.empty()) continue;  // it was not at hand
      documents.emplace(printable(record.corpus), printable(record.document), record.original_bytes,
                        printable(record.sha256));
    }
  }
  std::string text = "corpus\tdocument\tbytes\tsha256\n";
  for (const auto& [corpus, document, bytes, hash] : documents) {
    text += fmt::format("{}\t{}\t{}\t{}\n", corpus, document, bytes, hash);
  }
  return text;
}

std::string reproduce_script(std::span<const Run> runs) {
  std::string script(kScript);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::vector<std::string>& typed = runs[i].environment.arguments;
    const std::string path = run_path(i, runs.size());
    if (typed.empty() || typed.front() != "run") {
      script += fmt::format("echo '{} was not made by evalzip run: it is not repeated'\n", path);
      continue;
    }
    std::string line = "\"$evalzip\"";
    for (const std::string& argument : repeatable(typed)) line += ' ' + shell_word(argument);
    script += fmt::format("{} --out \"$work/{}.json\" || failed=$?\n", line, i + 1);
    script += fmt::format(
        "\"$evalzip\" verify-artifact \"$here\" --reproduced \"$work/{}.json\" || failed=$?\n",
        i + 1);
  }
  return script + "exit $failed\n";
}

}  // namespace evalzip
