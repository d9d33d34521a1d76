// `evalzip explain` as its users see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "cli/code_table_text.h"
#include "cli/code_tree_drawing.h"
#include "tests/outside_program.h"

namespace evalzip {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

ProgramResult explain(const std::string& arguments) {
  return run_program(std::string(EVALZIP_PROGRAM) + " explain " + arguments);
}

CodeTable table_of(CodeKind kind, const std::string& text) {
  return code_table(kind, count_bytes(std::as_bytes(std::span(text))));
}

TEST(Explain, TheTextNamesEverySymbolWithItsWord) {
  const std::string text = code_table_text(table_of(CodeKind::huffman, "aaaaabbcd"), "f");
  EXPECT_EQ(text,
            "f: 9 bytes, 4 different; canonical Huffman code, order 0, one table for all\n"
            "\n"
            "symbol           count  probability  information length  word\n"
            "61 a                 5    55.5556 %        0.848      1  0\n"
            "62 b                 2    22.2222 %        2.170      2  10\n"
            "63 c                 1    11.1111 %        3.170      3  110\n"
            "64 d                 1    11.1111 %        3.170      3  111\n"
            "\n"
            "entropy            1.6577 bits a byte               2 bytes\n"
            "expected length    1.6667 bits a byte               2 bytes\n"
            "redundancy         0.0089 bits a byte, 0.538 % of the entropy\n"
            "Tables, states and other headers come on top.\n");
}

TEST(Explain, IntervalsStandInPlaceOfWords) {
  const std::string text = code_table_text(table_of(CodeKind::arithmetic, "ab"), "f");
  EXPECT_THAT(text, HasSubstr("bits     low   width   of 2^16"));
  EXPECT_THAT(text, HasSubstr("1.000   32768   32768"));
}

TEST(Explain, BytesThatCannotBeShownAreShownAsDigits) {
  EXPECT_EQ(symbol_text(0), "00");
  EXPECT_EQ(symbol_text('\n'), "0a \\n");
  EXPECT_EQ(symbol_text(0x1b), "1b");
  EXPECT_EQ(symbol_text(' '), "20 ' '");
  EXPECT_EQ(symbol_text('~'), "7e ~");
  EXPECT_EQ(symbol_text(0x7f), "7f");
  EXPECT_EQ(symbol_text(0xff), "ff");
}

TEST(Explain, JsonHoldsTheSameNumbersAndNoOthers) {
  const json huffman = json::parse(code_table_json(table_of(CodeKind::huffman, "aaab"), "f"));
  EXPECT_EQ(huffman["coder"], "huffman");
  EXPECT_EQ(huffman["bytes"], 4);
  EXPECT_EQ(huffman["symbols"][0]["word"], "0");
  EXPECT_EQ(huffman["symbols"][1]["symbol"], 'b');
  EXPECT_FALSE(huffman.contains("total_bits"));
  EXPECT_FALSE(huffman["symbols"][0].contains("low"));
  const json rans = json::parse(code_table_json(table_of(CodeKind::rans, "aaab"), "f"));
  EXPECT_EQ(rans["total_bits"], 10);
  EXPECT_EQ(rans["symbols"][0]["width"], 768);
  EXPECT_FALSE(rans["symbols"][0].contains("word"));
}

TEST(Explain, EmptyFilesAndRunsAreExplainedInEveryFormat) {
  for (const std::string bytes : {"", "xxxx"}) {
    for (const CodeKind kind : {CodeKind::huffman, CodeKind::rans, CodeKind::arithmetic}) {
      const CodeTable table = table_of(kind, bytes);
      EXPECT_THAT(code_table_text(table, "f"), HasSubstr(bytes.empty() ? "empty" : "a run"));
      EXPECT_EQ(json::parse(code_table_json(table, "f"))["symbols"].size(), bytes.empty() ? 0 : 1);
    }
    const CodeTree tree = code_tree(table_of(CodeKind::huffman, bytes));
    EXPECT_THAT(code_tree_svg(tree), HasSubstr("no tree"));
    EXPECT_THAT(code_tree_dot(tree), HasSubstr("no tree"));
  }
}

TEST(Explain, DrawingsEscapeWhatTheirLanguageWouldRead) {
  const CodeTree tree = code_tree(table_of(CodeKind::huffman, "<<<<>>&&\"\"\\\\"));
  const std::string svg = code_tree_svg(tree), dot = code_tree_dot(tree);
  EXPECT_THAT(svg, HasSubstr("3c &lt;"));
  EXPECT_THAT(svg, HasSubstr("3e &gt;"));
  EXPECT_THAT(svg, HasSubstr("26 &amp;"));
  EXPECT_THAT(dot, HasSubstr("22 \\\""));
  EXPECT_THAT(dot, HasSubstr("5c \\\\"));
}

TEST(Explain, TheProgramReadsAFileOrStandardInput) {
  const TemporaryFile file("explain", "abracadabra");
  const ProgramResult of_file = explain("huffman " + file.path() + " --json");
  EXPECT_EQ(of_file.exit_code, 0) << of_file.output;
  EXPECT_EQ(json::parse(of_file.output)["bytes"], 11);
  const ProgramResult of_input = explain("rans - < " + file.path());
  EXPECT_EQ(of_input.exit_code, 0) << of_input.output;
  EXPECT_THAT(of_input.output, HasSubstr("-: 11 bytes, 5 different"));
}

TEST(Explain, AFileThatCannotBeReadIsABadRequest) {
  for (const char* file : {"/no/such/file", "/"}) {
    const ProgramResult result = explain(std::string("huffman ") + file);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.output, HasSubstr(std::string("cannot read ") + file));
    EXPECT_THAT(result.output, HasSubstr("directory"));
  }
}

TEST(Explain, OnlyHuffmanHasATreeToDraw) {
  const ProgramResult result = explain("rans /dev/null --format svg");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.output, HasSubstr("explain huffman"));
  EXPECT_THAT(explain("huffman /dev/null --format svg").output, Not(HasSubstr("evalzip:")));
}

TEST(Explain, AnUnknownCoderIsRefusedWithThoseThatThereAre) {
  const ProgramResult result = explain("lz77 /dev/null");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.output, HasSubstr("huffman"));
}

}  // namespace
}  // namespace evalzip
