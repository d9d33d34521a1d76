// `evalzip report run.json...`: shows runs again, in any format.
#include <fmt/format.h>

#include <functional>
#include <iostream>
#include <memory>
#include <span>
#include <string_view>

#include "cli/artifact_folder.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/piece_stream.h"
#include "cli/read_run.h"
#include "harness/output_file.h"
#include "reports/report.h"

namespace evalzip {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string format = "table", out;
  ReportOptions report;
};

// A bundle is nothing for a terminal.
void check_out(const Options& options) {
  if (options.format == "artifact" && options.out.empty()) {
    throw ReportError("a bundle is many files: add --out FOLDER, or --out NAME.tar");
  }
}

// A bundle whose file is not named as an archive.
bool writes_folder(const Options& options) {
  return options.format == "artifact" && !options.out.empty() && !options.out.ends_with(".tar");
}

int report(const Options& options) {
  const ReportFormat& format = find_report_format(options.format);
  check_out(options);
  std::vector<Run> runs;
  for (const std::string& file : options.files) runs.push_back(read_run(file));
  if (writes_folder(options)) {
    write_artifact_folder(options.out, artifact_files(runs, options.report));
    return kExitOk;
  }
  const auto write_to = [&](const std::function<void(std::string_view)>& take) {
    PieceStream stream(take);
    format.write(runs, options.report, stream);
    stream.finish();
  };
  if (options.out.empty()) {
    write_to([](std::string_view piece) { std::cout << piece; });
    std::cout << std::flush;
  } else {
    write_file_in_pieces(options.out, [&](const PieceWriter& write) {
      write_to([&](std::string_view piece) { write(std::as_bytes(std::span(piece))); });
    });
  }
  return kExitOk;
}

void add_pivot_options(CLI::App& command, ReportOptions& report) {
  command
      .add_option("--rows", report.rows,
                  "What makes a row of markdown, csv, latex and html: codec, corpus, document, "
                  "commas between; codecs and corpora go across otherwise [codec]")
      ->delimiter(',');
  command.add_option("--baseline", report.baseline, "Codec whose numbers are 1: show multiples");
  command.add_option("--chart", report.chart,
                     "Of svg: pareto, speed, transfer, entropy, break-even [pareto]");
  command.add_option("--filter", report.filters,
                     "Only cells that match: codec=zstd:*|xz:*, document!=*.jpg; fields: codec, "
                     "corpus, document, version, outcome; all that are given must match");
}

}  // namespace

Command add_report_command(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("report", "Show a run.json, or several, as a table or in another format");
  const auto options = std::make_shared<Options>();
  options->report.colour = program.colour;
  options->report.width = program.width;
  command->add_option("run", options->files, "Files run.json; - is standard input")->required();
  command->add_option("--format", options->format, "See `evalzip list formats` [table]");
  command->add_option("--columns", options->report.columns, "Columns, commas between")
      ->delimiter(',');
  command->add_option("--sort", options->report.sort, "Column to sort by, or codec [as planned]");
  command->add_flag("--per-file", options->report.per_file, "A row for every document");
  add_pivot_options(*command, options->report);
  command->add_option("--width", options->report.width, "Characters in a line [the terminal's]");
  command->add_option("--out", options->out,
                      "File to write, or of artifact the folder, or NAME.tar [standard output]");
  return {command, [options] { return report(*options); }};
}

}  // namespace evalzip
