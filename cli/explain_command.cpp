// `evalzip explain huffman FILE`: what a static code makes of a file, symbol by symbol.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "cli/code_table_text.h"
#include "cli/code_tree_drawing.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "harness/output_file.h"

namespace evalzip {
namespace {

struct Options {
  std::string coder, file, format = "text", out;
  bool as_json = false;
};

CodeKind kind_named(const std::string& name) {
  if (name == "rans") return CodeKind::rans;
  return name == "arithmetic" ? CodeKind::arithmetic : CodeKind::huffman;
}

[[noreturn]] void complain_about(const std::string& file, int error) {
  throw std::system_error(
      error, std::generic_category(),
      "explain: cannot read " + file + " (name a file that you may read, or - for standard input)");
}

ByteHistogram count_stream(std::istream& in) {
  constexpr std::uint64_t kMostBytes = 0xffffffff;
  ByteHistogram counts{};
  std::uint64_t size = 0;
  std::vector<std::byte> piece(std::size_t{1} << 20);
  while (
      in.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size())) ||
      in.gcount() > 0) {
    const auto read = static_cast<std::size_t>(in.gcount());
    size += read;
    if (size > kMostBytes) {
      throw std::runtime_error(fmt::format(
          "explain: more than {} bytes, which one code does not count; explain a part of the file, "
          "as in: head -c 1G FILE | evalzip explain huffman -",
          kMostBytes));
    }
    const ByteHistogram more = count_bytes(Bytes(piece).first(read));
    for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) counts[symbol] += more[symbol];
  }
  return counts;
}

ByteHistogram count_file(const std::string& file) {
  if (file == "-") return count_stream(std::cin);
  if (std::filesystem::is_directory(file)) complain_about(file, EISDIR);
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) complain_about(file, errno);
  const ByteHistogram counts = count_stream(in);
  if (in.bad()) complain_about(file, errno != 0 ? errno : EIO);
  return counts;
}

std::string explanation(const Options& options) {
  const CodeKind kind = kind_named(options.coder);
  const std::string format = options.as_json ? "json" : options.format;
  const bool drawing = format == "dot" || format == "svg";
  if (drawing && kind != CodeKind::huffman) {
    throw std::runtime_error(
        fmt::format("explain: --format {} draws a tree, and {} has none; write `explain huffman`, "
                    "or take --format text or json",
                    format, options.coder));
  }
  const CodeTable table = code_table(kind, count_file(options.file));
  if (format == "json") return code_table_json(table, options.file);
  if (format == "dot") return code_tree_dot(code_tree(table));
  if (format == "svg") return code_tree_svg(code_tree(table));
  return code_table_text(table, options.file);
}

int explain(const Options& options) {
  const std::string text = explanation(options);
  if (options.out.empty()) {
    std::cout << text << std::flush;
  } else {
    write_file(options.out, text);
  }
  return kExitOk;
}

}  // namespace

Command add_explain_command(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand(
      "explain", "What a static code makes of a file: its symbols, words or intervals, redundancy");
  const auto options = std::make_shared<Options>();
  command->add_option("coder", options->coder, "huffman, rans or arithmetic")
      ->required()
      ->check(CLI::IsMember({"huffman", "rans", "arithmetic"}));
  command->add_option("file", options->file, "The file; - is standard input")->required();
  command
      ->add_option("--format", options->format, "text, json, dot or svg (the Huffman tree) [text]")
      ->check(CLI::IsMember({"text", "json", "dot", "svg"}));
  command->add_flag("--json", options->as_json, "The same as --format json");
  command->add_option("--out", options->out, "File to write [standard output]");
  return {command, [options] { return explain(*options); }};
}

}  // namespace evalzip
