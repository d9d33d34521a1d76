#include "reports/artifact.h"

#include <sstream>

#include <fmt/format.h>

#include "harness/record_json.h"
#include "reports/artifact_manifest.h"
#include "reports/artifact_texts.h"
#include "reports/charts.h"
#include "reports/page_assets.h"

namespace evalzip {
namespace {

using Writer = void (*)(std::span<const Run> runs, const ReportOptions& options, std::ostream& out);

std::string rendered(Writer write, std::span<const Run> runs, const ReportOptions& options) {
  std::ostringstream text;
  write(runs, options, text);
  return text.str();
}

class Bundle {
 public:
  Bundle(std::span<const Run> runs, const ReportOptions& options) : runs_(runs), options_(options) {
    // A bundle must not look different on another terminal.
    options_.colour = false;
    options_.width = ReportOptions().width;
  }

  std::vector<ArtifactFile> files() {
    add_runs();
    add_tables();
    add_figures();
    add("index.html", write_html, options_);
    add("environment.txt", environment_text(runs_));
    add("corpora.tsv", corpora_text(runs_));
    add("reproduce.sh", reproduce_script(runs_), true);
    add("README.md", artifact_readme(runs_));
    add("manifest.json", format_manifest({has_chart_library(), options_, run_paths_}, files_));
    return std::move(files_);
  }

 private:
  void add(std::string path, std::string text, bool executable = false) {
    files_.push_back({std::move(path), std::move(text), executable});
  }

  void add(std::string path, Writer write, const ReportOptions& options) {
    add(std::move(path), rendered(write, runs_, options));
  }

  void add_runs() {
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      run_paths_.push_back(run_path(i, runs_.size()));
      add(run_paths_.back(), format_run(runs_[i]));
    }
  }

  void add_tables() {
    ReportOptions every_column = options_, documents = options_;
    every_column.columns.clear();
    documents.columns.clear();
    documents.per_file = true;
    add("tables/table.txt", find_report_format("table").write, options_);
    add("tables/table.md", write_markdown, options_);
    add("tables/table.tex", write_latex_table, options_);
    add("tables/totals.csv", write_csv, every_column);
    add("tables/documents.csv", write_csv, documents);
    add("report.tex", write_latex, options_);
  }

  void add_figures() {
    for (const Chart& chart : all_charts()) {
      ReportOptions of_chart = options_;
      of_chart.chart = chart.name;
      add(fmt::format("figures/{}.svg", chart.name), write_svg, of_chart);
    }
    add("figures/pareto.tex", write_latex_figure, options_);
  }

  std::span<const Run> runs_;
  ReportOptions options_;
  std::vector<std::string> run_paths_;
  std::vector<ArtifactFile> files_;
};

}  // namespace

bool has_chart_library() { return !page_assets().libraries.empty(); }

std::string run_path(std::size_t index, std::size_t count) {
  return count == 1 ? "run.json" : fmt::format("runs/{}.json", index + 1);
}

std::vector<ArtifactFile> artifact_files(std::span<const Run> runs, const ReportOptions& options) {
  return Bundle(runs, options).files();
}

}  // namespace evalzip
