#include <gmock/gmock.h>
#include <sys/stat.h>

#include "corpora/file_names.h"
#include "corpora/walk.h"
#include "tests/corpora_fixture.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Pattern, AStarStaysWithinItsPart) {
  EXPECT_TRUE(matches_pattern("*.json", "a.json"));
  EXPECT_FALSE(matches_pattern("logs/*.json", "logs/.a.json"));
  EXPECT_FALSE(matches_pattern("*.json", "logs/a.json"));
  EXPECT_TRUE(matches_pattern("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(matches_pattern("a*b*c", "aXcYb"));
  EXPECT_TRUE(matches_pattern("*", "anything"));
}

TEST(Pattern, TwoStarsStandForAnyNumberOfFolders) {
  EXPECT_TRUE(matches_pattern("**/*.txt", "a.txt"));
  EXPECT_TRUE(matches_pattern("**/*.txt", "x/y/a.txt"));
  EXPECT_TRUE(matches_pattern("x/**", "x/y/z"));
  EXPECT_FALSE(matches_pattern("**/*.txt", ".git/a.txt"));
}

TEST(Pattern, ClassesAndQuestionMarks) {
  EXPECT_TRUE(matches_pattern("enwik[4-7]", "enwik5"));
  EXPECT_FALSE(matches_pattern("enwik[4-7]", "enwik8"));
  EXPECT_TRUE(matches_pattern("enwik[!4-7]", "enwik8"));
  EXPECT_TRUE(matches_pattern("a?c", "abc"));
  EXPECT_FALSE(matches_pattern("a?c", "ac"));
  EXPECT_TRUE(matches_pattern("a[", "a["));
  EXPECT_TRUE(matches_pattern("[]]", "]"));
}

TEST(Pattern, ManyStarsAreNotSlow) {
  EXPECT_FALSE(matches_pattern("a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

TEST(Names, OnlyPlainRelativeNamesAreSafe) {
  for (const char* good : {"a", "logs/app.log", "x-ray", "E.coli", "..a", "a b", "zażółć"}) {
    EXPECT_FALSE(unsafe_name(good)) << good;
  }
  for (const std::string& bad :
       {std::string(""), std::string("/etc/passwd"), std::string("../x"), std::string("a/../b"),
        std::string("a//b"), std::string("a/"), std::string("a\nb"), std::string("a\0b", 3),
        std::string("a\\b"), std::string("./a"), std::string("a/."), std::string(201, 'a')}) {
    EXPECT_TRUE(unsafe_name(bad)) << bad;
  }
}

TEST(Names, BytesThatCannotBeShownAreEscaped) {
  EXPECT_EQ(document_name("caf\xc3\xa9.txt"), "caf\xc3\xa9.txt");
  EXPECT_EQ(document_name("100%.txt"), "100%.txt");
  EXPECT_EQ(document_name("a\xff%\n.txt"), "a%FF%25%0A.txt");
  EXPECT_EQ(document_name("\xed\xa0\x80"), "%ED%A0%80");  // a surrogate is not UTF-8
  EXPECT_EQ(in_quotes("a\nb"), "\"a\\x0Ab\"");
}

TEST(Names, PartsAreComparedWhole) {
  EXPECT_TRUE(ends_with_parts("a/b/c.txt", "b/c.txt"));
  EXPECT_TRUE(ends_with_parts("c.txt", "c.txt"));
  EXPECT_FALSE(ends_with_parts("a/abc.txt", "c.txt"));
}

class Walk : public Corpora {};

TEST_F(Walk, FilesComeInNameOrderWithTheirFolders) {
  for (const char* name : {"b/2", "b/10", "a", "c/d/e", ".hidden"})
    write_file(search() / name, "x");
  EXPECT_THAT(walk_files(search(), {}, progress),
              ElementsAre(".hidden", "a", "b/10", "b/2", "c/d/e"));
  EXPECT_THAT(walk_files(search(), {.depth = 0}, progress), ElementsAre(".hidden", "a"));
}

TEST_F(Walk, CirclesOfLinksEnd) {
  write_file(search() / "a/file", "x");
  fs::create_directory_symlink("..", search() / "a/up");
  fs::create_directory_symlink("a", search() / "b");
  fs::create_symlink("nowhere", search() / "dangling");
  EXPECT_THAT(walk_files(search(), {}, progress), ElementsAre("a/file"));
  EXPECT_THAT(progress.notes, HasSubstr("dangling is skipped: a link that leads nowhere"));
}

TEST_F(Walk, FifosAreSkippedWithAWord) {
  write_file(search() / "file", "x");
  ASSERT_EQ(mkfifo((search() / "fifo").c_str(), 0600), 0);
  EXPECT_THAT(walk_files(search(), {}, progress), ElementsAre("file"));
  EXPECT_THAT(progress.notes, HasSubstr("fifo is skipped: neither a file nor a folder"));
}

TEST_F(Walk, TooManyFilesAreRefused) {
  for (int i = 0; i < 20; ++i) write_file(search() / std::to_string(i), "");
  EXPECT_THROW(walk_files(search(), {.files = 19}, progress), CorpusError);
  EXPECT_EQ(walk_files(search(), {.files = 20}, progress).size(), 20u);
}

}  // namespace
}  // namespace evalzip
