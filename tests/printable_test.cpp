#include "reports/printable.h"

#include <gtest/gtest.h>

#include "harness/utf8.h"
#include "tests/random_run.h"

namespace evalzip {
namespace {

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(printable("alice29.txt, 日本語 é 😀"), "alice29.txt, 日本語 é 😀");
}

TEST(Printable, ShowsWhatATerminalWouldObeyOrHide) {
  EXPECT_EQ(printable("a\x1b[31mb\r\n\t\x7f"), "a\\x1b[31mb\\x0d\\x0a\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u{9b}31m");
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "txt"),
            "\\u{202e}txt");
  EXPECT_EQ(printable("\xff\xc0\xaf"), "\\xff\\xc0\\xaf");
}

TEST(Printable, OfAnyBytesIsUtf8WithoutControls) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const std::string text = printable(RandomRun(seed).text());
    for (std::string_view rest = text; !rest.empty();) {
      const auto point = first_code_point(rest);
      ASSERT_TRUE(point) << "seed " << seed;
      ASSERT_GE(point->value, 0x20u) << "seed " << seed;
      rest.remove_prefix(point->bytes);
    }
  }
}

TEST(DisplayWidth, CountsTerminalCells) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("±0.5%"), 5u);
  EXPECT_EQ(display_width("日本語"), 6u);
  EXPECT_EQ(display_width("e\xcc\x81"), 1u);  // e and a combining acute accent
  EXPECT_EQ(display_width("😀"), 2u);
}

TEST(Shortened, CutsTheMiddleToAnyWidth) {
  EXPECT_EQ(shortened("zstd:19", 7), "zstd:19");
  EXPECT_EQ(shortened("zstd:19,long=27", 8), "zstd…=27");
  for (std::size_t width = 3; width < 40; ++width) {
    for (const char* text :
         {"日本語日本語日本語日本語", "a日b本c語d日e本f語", "plain ascii text"}) {
      const std::string cut = shortened(text, width);
      EXPECT_LE(display_width(cut), width);
      EXPECT_GE(display_width(cut) + 2, std::min(width, display_width(text)));
    }
  }
}

}  // namespace
}  // namespace evalzip
