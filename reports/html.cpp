// One page, one file, no network: tables and figures without a script, an explorer with it.
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/record_json.h"
#include "reports/charts.h"
#include "reports/escape.h"
#include "reports/page_assets.h"
#include "reports/page_data.h"
#include "reports/pivot.h"
#include "reports/provenance.h"
#include "reports/report.h"
#include "reports/selection.h"
#include "reports/table_notes.h"

namespace evalzip {
namespace {

// Above this many cells the page holds the derived numbers and not every sample.
constexpr std::size_t kMostCellsWithSamples = 5000;
// Above this many sets of rows figures are left to the explorer.
constexpr std::size_t kMostSetsWithFigures = 12;

// How a policy names a script that may run, and no other may.
std::string policy_hash(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string encoded(4 * ((size + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), digest.data(),
                  static_cast<int>(size));
  encoded.pop_back();
  return fmt::format("'sha256-{}'", encoded);
}

// Static parts of the page, in its order; the ids are those that reports/page/explorer.js uses.
constexpr std::string_view kExplorer = R"(<section id="explore" class="needs-script screen" hidden>
<h2>Explorer</h2>
<div class="controls">
<label>corpus <select id="place"></select></label>
<label>across <select id="x"></select></label>
<label>up <select id="y"></select></label>
<button type="button" id="save-chart">Save as SVG</button>
</div>
<fieldset id="families"><legend>codecs</legend></fieldset>
<p id="explorer-count" class="soft" role="status"></p>
<div id="explorer"></div>
<p class="soft">The line joins settings that none beats in both. Settings that do not compress are left out. A click opens a codec.</p>
</section>
)";

constexpr std::string_view kRows = R"(<section class="needs-script" id="all" hidden>
<h2>All rows</h2>
<div class="controls"><label>filter (key /) <input id="filter" type="search" autocomplete="off"></label><button type="button" id="save-rows">Save as CSV</button></div>
<p id="rows-count" class="soft" role="status"></p>
<div class="scroll" tabindex="0" role="region" aria-label="all rows"><table>
<caption><span>Totals of each codec on each corpus; ± is half the 95% interval</span></caption>
<thead id="rows-head"></thead><tbody id="rows-body"></tbody></table></div>
</section>
<section class="needs-script" id="codec" hidden>
<h2 id="codec-title" tabindex="-1">Codec</h2>
<p id="codec-about"></p>
<div class="scroll" tabindex="0" role="region" aria-label="files of the codec"><table>
<caption><span>Files; speeds from median times</span></caption>
<thead><tr><th scope="col">file</th><th scope="col">outcome</th><th scope="col" class="number">bytes</th><th scope="col" class="number">encoded</th><th scope="col" class="number">ratio</th><th scope="col" class="number">bits/byte</th><th scope="col" class="number">encode MB/s</th><th scope="col" class="number">decode MB/s</th></tr></thead>
<tbody id="codec-body"></tbody></table></div>
</section>
<section class="needs-script" id="entropy" hidden>
<h2>Entropy of each file</h2>
<div class="scroll" tabindex="0" role="region" aria-label="entropy of each file"><table>
<caption><span>Bits per byte: empirical entropies, the true one of synthetic sources, and the shortest encoding that was measured</span></caption>
<thead><tr><th scope="col">file</th><th scope="col" class="number">bytes</th><th scope="col" class="number">single bytes</th><th scope="col" class="number">after two bytes</th><th scope="col" class="number">true</th><th scope="col" class="number">shortest</th><th scope="col">by</th></tr></thead>
<tbody id="entropy-body"></tbody></table></div>
</section>
<section class="needs-script" id="transfer" hidden>
<h2>Soonest over a link</h2>
<div class="controls"><label>bandwidth <input id="bandwidth" type="range" min="5" max="11" step="0.05"></label><output id="bandwidth-text" for="bandwidth"></output></div>
<div class="scroll" tabindex="0" role="region" aria-label="transfer times"><table>
<caption><span>Time to compress, send and decompress the chosen corpus, one after the other; median times</span></caption>
<thead><tr><th scope="col" class="number">rank</th><th scope="col">codec</th><th scope="col" class="number">time</th><th scope="col" class="number">against the last</th></tr></thead>
<tbody id="transfer-body"></tbody></table></div>
</section>
)";

class Page {
 public:
  Page(std::span<const Run> runs, const ReportOptions& options, std::ostream& out)
      : hosts_(runs_by_host(runs, options.filters)),
        options_(options),
        sets_(pivot_sets(hosts_, false, options.baseline)),
        labels_(sets_),
        assets_(page_assets()),
        out_(out) {}

  void write() {
    write_head();
    write_summary();
    out_ << kExplorer << kRows;
    write_table();
    write_figures();
    write_provenance();
    write_scripts();
  }

 private:
  void write_head() {
    const std::string style = assets_.style + svg_style();
    std::string scripts = policy_hash(assets_.script);
    for (const std::string& library : assets_.libraries) {
      scripts.append(1, ' ').append(policy_hash(library));
    }
    out_ << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n";
    out_ << fmt::format(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {}; "
        "style-src {}; base-uri 'none'; form-action 'none'\">\n",
        scripts, policy_hash(style));
    if (options_.refresh_seconds > 0) {
      // With scripts the page's own does it, unless somebody is typing.
      out_ << fmt::format("<noscript><meta http-equiv=\"refresh\" content=\"{}\"></noscript>\n",
                          options_.refresh_seconds);
    }
    out_ << "<title>" << title() << "</title>\n<style>" << style << "</style>\n</head>\n";
  }

  std::string title() const {
    std::vector<std::string> corpora;
    for (const PivotSet& set : sets_) {
      const std::string name = xml_text(set.corpus);
      if (std::ranges::find(corpora, name) == corpora.end()) corpora.push_back(name);
    }
    constexpr std::size_t kMostNames = 4;
    if (corpora.size() > kMostNames) return fmt::format("evalzip: {} corpora", corpora.size());
    return fmt::format("evalzip: {}", fmt::join(corpora, ", "));
  }

  void write_summary() {
    out_ << fmt::format("<body data-refresh=\"{}\">\n", options_.refresh_seconds)
         << "<div class=\"page\">\n<header>\n<h1>" << title() << "</h1>\n";
    for (const Run& run : hosts_) {
      out_ << "<p class=\"soft\">" << xml_text(table_heading(run)) << "</p>\n";
    }
    out_ << "</header>\n<main>\n";
  }

  // What the page shows without its script: the pivot table that papers print.
  void write_table() {
    const Pivot pivot = rows_are_documents(options_) ? pivot_of(hosts_, options_)
                                                     : pivot_of(hosts_, options_, sets_);
    out_ << "<section id=\"static-rows\">\n<h2>Table</h2>\n<div class=\"scroll\" tabindex=\"0\" "
            "role=\"region\" aria-label=\"table\"><table>\n<caption><span>"
         << xml_text(fmt::format("{}", fmt::join(pivot.label_titles, ", ")))
         << " and what was measured</span></caption>\n<thead><tr>";
    for (const std::string& label : pivot.label_titles) {
      out_ << "<th scope=\"col\">" << xml_text(label) << "</th>";
    }
    for (const PivotColumn& column : pivot.columns) write_title(column);
    out_ << "</tr></thead>\n<tbody>\n";
    for (const PivotRow& row : pivot.rows) write_row(pivot, row);
    out_ << "</tbody></table></div>\n</section>\n<ul class=\"notes\">\n";
    for (const auto* lines : {&pivot.hosts, &pivot.notes}) {
      for (const std::string& line : *lines) out_ << "<li>" << xml_text(line) << "</li>\n";
    }
    out_ << "</ul>\n";
  }

  void write_title(const PivotColumn& column) {
    out_ << "<th scope=\"col\" class=\"number\">";
    if (!column.group.empty()) out_ << xml_text(column.group) << "<br>";
    out_ << xml_text(full_title(*column.column));
    if (!column.host.empty()) out_ << " (" << xml_text(column.host) << ")";
    out_ << "</th>";
  }

  void write_row(const Pivot& pivot, const PivotRow& row) {
    out_ << "<tr>";
    for (const std::string& label : row.labels) {
      out_ << "<th scope=\"row\">" << xml_text(label) << "</th>";
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const PivotCell& cell = row.cells[i];
      if (!cell.value.has_value()) {
        out_ << "<td class=\"failed\">" << xml_text(cell.failure) << "</td>";
        continue;
      }
      out_ << (cell.best ? "<td class=\"number best\">" : "<td class=\"number\">")
           << cell_number(pivot, pivot.columns[i], cell) << (cell.partial ? "*" : "");
      const std::string percent = cell_percent(cell);
      if (!percent.empty()) out_ << " ±" << percent << "%";
      out_ << "</td>";
    }
    out_ << "</tr>\n";
  }

  void write_figures() {
    if (sets_.size() > kMostSetsWithFigures) return;
    out_ << "<section id=\"figures\">\n<h2>Figures</h2>\n";
    for (const PivotSet& set : sets_) {
      std::string place = set.corpus;
      if (hosts_.size() > 1) {
        place = fmt::format("{} on {}", place, host_label(hosts_[set.host].environment));
      }
      for (const Chart& chart : all_charts()) {
        const std::vector<Panel> panels = chart.draw({set, labels_, place});
        if (panels.empty()) continue;
        out_ << "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\""
             << xml_text(fmt::format("{}, {}", place, chart.name)) << "\">"
             << svg_document(panels, true) << "</div></figure>\n";
      }
    }
    out_ << "</section>\n";
  }

  void write_provenance() {
    out_ << "<section id=\"provenance\">\n<h2>Where and how</h2>\n";
    for (std::size_t i = 0; i < hosts_.size(); ++i) write_environment(hosts_[i], i);
    out_ << "</section>\n</main>\n</div>\n";
  }

  void write_environment(const Run& run, std::size_t index) {
    out_ << "<div class=\"wrap\"><table>\n<caption>" << xml_text(host_label(run.environment))
         << "</caption><tbody>\n";
    for (const auto& [name, text] : provenance(run)) {
      out_ << "<tr><th scope=\"row\">" << name << "</th><td>" << xml_text(text) << "</td></tr>\n";
    }
    out_ << "</tbody></table></div>\n";
    if (!has_samples(run)) {
      out_ << "<p class=\"soft\">The run has too many cells for a page to hold every sample.</p>\n";
      return;
    }
    out_ << fmt::format(
        "<p class=\"needs-script screen\" hidden><button type=\"button\" data-run=\"run-{0}\" "
        "data-name=\"run-{0}.json\">Download the run as JSON</button></p>\n",
        index);
  }

  static bool has_samples(const Run& run) { return run.records.size() <= kMostCellsWithSamples; }

  void write_scripts() {
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      if (!has_samples(hosts_[i])) continue;
      out_ << fmt::format("<script type=\"application/json\" id=\"run-{}\">", i)
           << script_json(format_run(hosts_[i])) << "</script>\n";
    }
    out_ << "<script type=\"application/json\" id=\"data\">" << page_data(hosts_, sets_, labels_)
         << "</script>\n";
    for (const std::string& library : assets_.libraries) {
      out_ << "<script>" << library << "</script>\n";
    }
    out_ << "<script>" << assets_.script << "</script>\n</body>\n</html>\n";
  }

  std::vector<Run> hosts_;
  const ReportOptions& options_;
  std::list<PivotSet> sets_;
  CodecLabels labels_;
  PageAssets assets_;
  std::ostream& out_;
};

}  // namespace

void write_html(std::span<const Run> runs, const ReportOptions& options, std::ostream& out) {
  Page(runs, options, out).write();
}

}  // namespace evalzip
