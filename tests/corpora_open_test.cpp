#include "corpora/open_corpus.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/corpora_fixture.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<std::string> names(const Corpus& corpus) {
  std::vector<std::string> result;
  for (const Document& document : corpus.documents) result.push_back(document.name);
  return result;
}

std::string bytes_of(const Document& document) {
  return read_file(document.path).substr(document.offset, document.size);
}

class OpenCorpus : public Corpora {
 protected:
  Corpus open(const std::string& name) { return open_corpus(name, places(), progress); }
  std::string refusal(const std::string& name) {
    try {
      open(name);
    } catch (const CorpusError& error) {
      EXPECT_EQ(error.kind(), CorpusError::Kind::usage);
      return error.what();
    }
    return "opened";
  }
};

TEST_F(OpenCorpus, AFileIsACorpusOfOneDocument) {
  const auto path = write_file(folder.path() / "book.txt", "abc");
  const Corpus corpus = open(path.string());
  ASSERT_THAT(corpus.documents, SizeIs(1));
  EXPECT_EQ(corpus.name, "book.txt");
  EXPECT_EQ(corpus.documents[0].sha256, sha256_of("abc"));
  EXPECT_EQ(corpus.documents[0].size, 3u);
}

TEST_F(OpenCorpus, AnEmptyFileIsADocumentOfNoBytes) {
  const Corpus corpus = open(write_file(folder.path() / "empty", "").string());
  ASSERT_THAT(corpus.documents, SizeIs(1));
  EXPECT_EQ(corpus.documents[0].size, 0u);
  EXPECT_EQ(corpus.documents[0].sha256, sha256_of(""));
}

TEST_F(OpenCorpus, AFolderIsTakenWithItsSubFolders) {
  for (int i = 0; i < 300; ++i) {
    write_file(folder.path() / "f" / std::to_string(i % 7) / std::to_string(i), std::to_string(i));
  }
  const Corpus corpus = open((folder.path() / "f/").string());
  EXPECT_EQ(corpus.name, "f");
  ASSERT_THAT(corpus.documents, SizeIs(300));
  EXPECT_EQ(corpus.documents[0].name, "0/0");
  EXPECT_TRUE(corpus.documents[0].path.is_absolute());
}

TEST_F(OpenCorpus, AFolderWithoutFilesIsRefused) {
  fs::create_directories(folder.path() / "f/g/h");
  EXPECT_THAT(refusal((folder.path() / "f").string()), HasSubstr("has no file"));
}

TEST_F(OpenCorpus, APatternTakesTheFilesItMatches) {
  for (const char* name : {"p/a.json", "p/b.txt", "p/q/c.json"})
    write_file(folder.path() / name, name);
  EXPECT_THAT(names(open((folder.path() / "p/*.json").string())), testing::ElementsAre("a.json"));
  EXPECT_THAT(names(open((folder.path() / "p/**/*.json").string())),
              testing::ElementsAre("a.json", "q/c.json"));
  EXPECT_THAT(refusal((folder.path() / "p/*.xml").string()), HasSubstr("no file matches"));
}

TEST_F(OpenCorpus, AnUnknownNameIsRefusedWithTheKnownOnes) {
  add_manifest("mine", "\"documents\": [" + document_json("d", "x") + "]");
  EXPECT_THAT(refusal("mime"), AllOf(HasSubstr("\"mime\""), HasSubstr("corpora: mine")));
  EXPECT_THAT(refusal(""), HasSubstr("no corpus, file or folder"));
}

TEST_F(OpenCorpus, AnUnreadableFileIsToldWithItsReason) {
  const auto path = write_file(folder.path() / "f/secret", "x");
  write_file(folder.path() / "f/open", "y");
  fs::permissions(path, fs::perms::none);
  fs::permissions(folder.path(), fs::perms::all);
  const bool root = geteuid() == 0;
  if (root && seteuid(65534) != 0) GTEST_SKIP() << "cannot become an ordinary user";
  const std::string single = refusal(path.string());
  const Corpus corpus = open((folder.path() / "f").string());
  ASSERT_EQ(seteuid(root ? 0 : geteuid()), 0);
  EXPECT_THAT(single, AllOf(HasSubstr("cannot read"), HasSubstr("Permission denied")));
  ASSERT_THAT(corpus.missing, SizeIs(1));
  EXPECT_THAT(corpus.missing[0].why, HasSubstr("Permission denied"));
  EXPECT_THAT(names(corpus), testing::ElementsAre("open"));
}

TEST_F(OpenCorpus, AUsersOwnManifestFindsTheFilesBesideIt) {
  add_manifest("own", "\"documents\": [" + document_json("d.txt", "hello") + "]");
  write_file(manifests() / "d.txt", "hello");
  CorpusPlaces none = places();
  none.manifests.clear();
  const Corpus corpus = open_corpus((manifests() / "own.json").string(), none, progress);
  ASSERT_THAT(corpus.documents, SizeIs(1));
  EXPECT_EQ(corpus.documents[0].path, manifests() / "d.txt");
}

TEST_F(OpenCorpus, ADocumentIsFoundPlainOrInAnyCompression) {
  const std::string text = some_text(300'000);
  const std::pair<const char*, int> endings[] = {{".gz", ARCHIVE_FILTER_GZIP},
                                                 {".bz2", ARCHIVE_FILTER_BZIP2},
                                                 {".xz", ARCHIVE_FILTER_XZ},
                                                 {".zst", ARCHIVE_FILTER_ZSTD},
                                                 {".lz4", ARCHIVE_FILTER_LZ4}};
  add_manifest("plain", "\"documents\": [" + document_json("plain", text) + "]");
  write_file(search() / "deep/er/plain", text);
  EXPECT_EQ(open("plain").documents.at(0).path, search() / "deep/er/plain");
  for (const auto& [ending, filter] : endings) {
    const std::string other = text + ending;
    const std::string name = "c" + std::string(ending + 1);
    add_manifest(name, "\"documents\": [" + document_json("doc" + name, other) + "]");
    write_compressed(search() / ("doc" + name + ending), filter, other);
    const Corpus corpus = open(name);
    ASSERT_THAT(corpus.documents, SizeIs(1)) << ending << corpus.missing.at(0).why;
    EXPECT_EQ(bytes_of(corpus.documents[0]), other) << ending;
  }
}

TEST_F(OpenCorpus, MembersAreTakenOutOfArchivesByTheirExactNames) {
  const std::string a = some_text(1000), b = some_text(2000, 7);
  add_manifest("arch",
               R"("files": [{"name": "x.tar.gz", "aliases": ["y.zip"]}], "documents": [)" +
                   document_json("a", a, R"(,"sources":[{"file":"x.tar.gz","member":"in/a"}])") +
                   "," + document_json("b", b, R"(,"sources":[{"file":"x.tar.gz","member":"b"}])") +
                   "]");
  const std::vector<std::pair<std::string, std::string>> members{
      {"../evil", "x"}, {"b", b}, {"./in/a", a}};
  for (const bool zip : {false, true}) {
    SCOPED_TRACE(zip);
    fs::remove_all(search());
    fs::remove_all(places().cache);
    if (zip) {
      write_archive(search() / "y.zip", {.format = ARCHIVE_FORMAT_ZIP}, members);
    } else {
      write_archive(search() / "x.tar.gz", {.filter = ARCHIVE_FILTER_GZIP}, members);
    }
    const Corpus corpus = open("arch");
    ASSERT_THAT(corpus.documents, SizeIs(2));
    EXPECT_EQ(bytes_of(corpus.documents[0]), a);
    EXPECT_EQ(bytes_of(corpus.documents[1]), b);
    EXPECT_FALSE(fs::exists(folder.path() / "evil"));
  }
}

TEST_F(OpenCorpus, AWrongFileIsNotUsedAndToldWithWhatWasExpectedAndFound) {
  add_manifest(
      "w", "\"documents\": [" + document_json("d", "right") + "," + document_json("e", "e") + "]");
  write_file(search() / "d", "wrong");
  write_file(search() / "w/d", "longer than right");
  write_file(search() / "e", "e");
  const FoundCorpus found = verify_corpus("w", places(), progress);
  EXPECT_THAT(names(found.corpus), testing::ElementsAre("e"));
  ASSERT_THAT(found.corpus.missing, SizeIs(1));
  EXPECT_EQ(found.corpus.missing[0].size, 5u);
  EXPECT_THAT(found.corpus.missing[0].why,
              AllOf(HasSubstr("expected 5 bytes, found 17"), HasSubstr(sha256_of("right")),
                    HasSubstr(sha256_of("wrong"))));
  ASSERT_THAT(found.rejected, SizeIs(2));
  EXPECT_EQ(found.rejected[0].path, search() / "w/d") << "the folder of the corpus comes first";
}

TEST_F(OpenCorpus, TheRightFileIsFoundBehindAWrongOne) {
  add_manifest("w", "\"documents\": [" + document_json("d", "right") + "]");
  write_file(search() / "a/d", "wrong");
  write_file(search() / "b/d", "right");
  EXPECT_EQ(open("w").documents.at(0).path, search() / "b/d");
  EXPECT_THAT(progress.notes, HasSubstr("is not used for d: expected SHA-256"));
}

TEST_F(OpenCorpus, Md5AndSha1AreCheckedWhereThatIsAllThereIs) {
  add_manifest("m", R"("documents": [
    {"name": "md5", "size": 3, "md5": "900150983cd24fb0d6963f7d28e17f72"},
    {"name": "sha1", "size": 3, "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"name": "bad", "size": 3, "md5": "00000000000000000000000000000000"}])");
  for (const char* name : {"md5", "sha1", "bad"}) {
    write_compressed(search() / (std::string(name) + ".gz"), ARCHIVE_FILTER_GZIP, "abc");
  }
  for (int round = 0; round < 2; ++round) {  // the second time from the cache
    const Corpus corpus = open("m");
    EXPECT_THAT(names(corpus), testing::ElementsAre("md5", "sha1"));
    EXPECT_EQ(corpus.documents.at(0).sha256, sha256_of("abc"));
    EXPECT_THAT(corpus.missing.at(0).why, HasSubstr("expected MD5 0000"));
    fs::remove(search() / "md5.gz");
    fs::remove(search() / "sha1.gz");
  }
}

TEST_F(OpenCorpus, ABombIsUnpackedOnlyUpToTheExpectedSize) {
  add_manifest("bomb", "\"documents\": [" + document_json("d", "small") + "]");
  write_compressed(search() / "d.gz", ARCHIVE_FILTER_GZIP, std::string(50'000'000, '\0'));
  const Corpus corpus = open("bomb");
  EXPECT_THAT(corpus.missing.at(0).why, HasSubstr("expected 5 bytes, found more"));
  for (const ProgressStep& step : progress.steps) EXPECT_LT(step.done_bytes, 1u << 20);
}

TEST_F(OpenCorpus, DamagedArchivesAreAReasonNotACrash) {
  const std::string text = some_text(100'000);
  add_manifest("bad", "\"documents\": [" + document_json("d", text) + "]");
  const auto path = write_compressed(search() / "d.xz", ARCHIVE_FILTER_XZ, text);
  const std::string good = read_file(path);
  for (std::size_t cut = 0; cut < good.size(); cut += good.size() / 9) {
    write_file(path, good.substr(0, cut));
    EXPECT_THAT(open("bad").missing, SizeIs(1)) << cut;
  }
  for (std::size_t at = 0; at < good.size(); at += 97) {
    std::string flipped = good;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    write_file(path, flipped);
    for (const Document& document : open("bad").documents)
      EXPECT_EQ(bytes_of(document), text) << at;
    fs::remove_all(places().cache);
  }
}

class Prefix : public OpenCorpus {
 protected:
  void SetUp() override {
    add_manifest("whole",
                 "\"documents\": [" +
                     document_json("all", all, R"(,"prefixes":[{"name":"most","size":5000}])") +
                     "]");
    add_manifest("part", "\"documents\": [" +
                             document_json("some", some,
                                           R"(,"prefix_of":{"corpus":"whole","document":"all"})") +
                             "]");
  }
  const std::string all = some_text(9000), some = all.substr(0, 4000);
};

TEST_F(Prefix, IsASliceOfThePlainWhole) {
  write_file(search() / "all", all);
  const Corpus corpus = open("part");
  ASSERT_THAT(corpus.documents, SizeIs(1));
  EXPECT_EQ(corpus.documents[0].path, search() / "all");
  EXPECT_EQ(corpus.documents[0].size, 4000u);
  EXPECT_EQ(corpus.documents[0].sha256, sha256_of(some));
  const Corpus files = corpus_as_files("part", places(), progress);
  EXPECT_EQ(read_file(files.documents.at(0).path), some);
}

TEST_F(Prefix, IsCutFromALongerKnownPrefixPackedOrNot) {
  write_file(search() / "most", all.substr(0, 5000));
  EXPECT_EQ(open("part").documents.at(0).path, search() / "most");
  fs::remove(search() / "most");
  write_compressed(search() / "most.xz", ARCHIVE_FILTER_XZ, all.substr(0, 5000));
  EXPECT_EQ(bytes_of(open("part").documents.at(0)), some);
}

TEST_F(Prefix, OfOtherBytesIsRefused) {
  write_file(search() / "all", some_text(9000, 3));
  EXPECT_THAT(open("part").missing.at(0).why, HasSubstr("expected SHA-256"));
  fs::remove(search() / "all");
  write_file(search() / "most", "short");
  EXPECT_THAT(open("part").missing.at(0).why, HasSubstr("expected 4000 bytes, found 5"));
}

TEST_F(Prefix, OfAnUnknownDocumentIsAMistakeOfTheManifest) {
  fs::remove(manifests() / "whole.json");
  EXPECT_THAT(refusal("part"), HasSubstr("there is no such; correct prefix_of"));
}

TEST_F(Prefix, CirclesOfManifestsEnd) {
  for (const auto& [name, other] : {std::pair("p", "q"), std::pair("q", "p")}) {
    add_manifest(
        name,
        "\"documents\": [" +
            document_json("x", name,
                          fmt::format(R"(,"prefix_of":{{"corpus":"{}","document":"x"}})", other)) +
            "]");
  }
  CorpusPlaces online = places();
  online.offline = false;
  EXPECT_THAT(open_corpus("p", online, progress).missing, SizeIs(1));
}

TEST_F(OpenCorpus, TheListCountsWhatIsCached) {
  add_manifest(
      "m", "\"documents\": [" + document_json("a", "aa") + "," + document_json("b", "bbb") + "]");
  write_compressed(search() / "a.gz", ARCHIVE_FILTER_GZIP, "aa");
  open("m");
  const std::vector<CorpusSummary> list = list_corpora(places(), progress);
  ASSERT_THAT(list, SizeIs(1));
  EXPECT_EQ(list[0].documents, 2u);
  EXPECT_EQ(list[0].total_bytes, 5u);
  EXPECT_EQ(list[0].cached, 1u);
}

TEST_F(OpenCorpus, StopsWhenAsked) {
  const auto path = write_file(folder.path() / "big", std::string(4 << 20, 'x'));
  progress.stop_after = 2;
  EXPECT_THROW(open(path.string()), Cancelled);
}

}  // namespace
}  // namespace evalzip
