#include "reports/escape.h"

#include <gtest/gtest.h>

#include "reports/printable.h"
#include "tests/random_run.h"

namespace evalzip {
namespace {

constexpr std::uint64_t kSeed = 20250131;

// The inverse of xml_text, as a reader of XML does it.
std::string unescaped_xml(std::string text) {
  for (const auto& [entity, c] :
       {std::pair("&lt;", "<"), std::pair("&gt;", ">"), std::pair("&quot;", "\""),
        std::pair("&#39;", "'"), std::pair("&amp;", "&")}) {
    for (std::size_t at = 0; (at = text.find(entity, at)) != text.npos; at += 1) {
      text.replace(at, std::string_view(entity).size(), c);
    }
  }
  return text;
}

// The inverse of csv_field, as RFC 4180 has it.
std::string unquoted_csv(std::string_view field) {
  std::string text;
  for (std::size_t i = 1; i + 1 < field.size(); ++i) {
    if (field[i] == '"') ++i;
    text += field[i];
  }
  return text;
}

TEST(Escape, XmlReadsBackAsThePrintableText) {
  RandomRun random(kSeed);
  for (int trial = 0; trial < 5000; ++trial) {
    const std::string text = random.text(), escaped = xml_text(text);
    EXPECT_EQ(escaped.find_first_of("<>\"'"), escaped.npos);
    EXPECT_EQ(unescaped_xml(escaped), printable(text)) << "trial " << trial << " of " << kSeed;
  }
}

TEST(Escape, CsvReadsBackAsThePrintableTextAndIsNeverAFormula) {
  RandomRun random(kSeed);
  for (int trial = 0; trial < 5000; ++trial) {
    const std::string text = random.text(), field = csv_field(text);
    std::string back = unquoted_csv(field);
    if (back != printable(text)) {
      ASSERT_TRUE(back.starts_with('\'')) << "trial " << trial << " of " << kSeed;
      back.erase(0, 1);
    } else {
      const std::size_t word = back.find_first_not_of(' ');
      EXPECT_TRUE(word == back.npos ||
                  std::string_view("=+-@").find(back[word]) == std::string::npos)
          << back;
    }
    EXPECT_EQ(back, printable(text));
  }
}

TEST(Escape, MarkdownHoldsNoMarkup) {
  RandomRun random(kSeed);
  for (int trial = 0; trial < 5000; ++trial) {
    const std::string escaped = markdown_text(random.text());
    EXPECT_EQ(escaped.find_first_of("<>`*_[]|\\\n~$@"), escaped.npos) << escaped;
  }
}

// Every special character is in the one form that shows it.
TEST(Escape, LatexHoldsNoCharacterWithAMeaning) {
  EXPECT_EQ(latex_text("a_b & 50% #1 {x} \\end $ ^ ~"),
            "a\\_b \\& 50\\% \\#1 \\{x\\} \\textbackslash{}end \\$ \\textasciicircum{} "
            "\\textasciitilde{}");
  EXPECT_EQ(latex_text("--"), "{-}{-}");
  EXPECT_EQ(latex_text("日"), "\\textbackslash{}u\\{65e5\\}");
  EXPECT_EQ(latex_text("é"), "é");
}

TEST(Escape, FormulasGetAnApostrophe) {
  EXPECT_EQ(csv_field("=1+1"), "\"'=1+1\"");
  EXPECT_EQ(csv_field("  -2"), "\"'  -2\"");
  EXPECT_EQ(csv_field("＝1"), "\"'＝1\"");
  EXPECT_EQ(csv_field("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(csv_field("zstd:-5"), "\"zstd:-5\"");
}

}  // namespace
}  // namespace evalzip
