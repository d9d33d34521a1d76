#include "corpora/manifest.h"

#include <gmock/gmock.h>

#include <set>
#include <string_view>

#include "corpora/catalogue.h"
#include "corpora/generators.h"
#include "tests/corpora_fixture.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

const std::string kHash(64, 'a');

// A good manifest with one piece of its text replaced.
std::string changed(const std::string& what, const std::string& by) {
  std::string text = R"({"evalzip_corpus": 1, "name": "mine", "title": "T", "origin": "O",
    "licence": "L",
    "files": [{"name": "f.zip", "size": 9, "mirrors": ["https://example.com/f.zip"]}],
    "documents": [{"name": "d", "size": 5, "sha256": ")" +
                     kHash + R"(", "sources": [{"file": "f.zip", "member": "m"}]}]})";
  const std::size_t place = text.find(what);
  EXPECT_NE(place, std::string::npos) << what;
  return text.replace(place, what.size(), by);
}

std::string refusal(const std::string& text) {
  try {
    parse_manifest(text, "/some/mine.json");
  } catch (const CorpusError& error) {
    EXPECT_EQ(error.kind(), CorpusError::Kind::usage);
    return error.what();
  }
  return "accepted";
}

TEST(Manifest, AGoodOneIsRead) {
  const Manifest manifest = parse_manifest(changed("\"T\"", "\"Title\""), "mine.json");
  EXPECT_EQ(manifest.title, "Title");
  ASSERT_EQ(manifest.documents.size(), 1u);
  EXPECT_EQ(manifest.documents[0].identity.size, 5u);
  EXPECT_EQ(manifest.documents[0].identity.sha256, kHash);
  EXPECT_EQ(manifest.documents[0].sources[0].member, "m");
  EXPECT_EQ(manifest.find_file("f.zip")->mirrors.size(), 1u);
  EXPECT_EQ(manifest.find_document("e"), nullptr);
}

TEST(Manifest, EachMistakeNamesFileFieldValueAndRemedy) {
  const auto expect = [](const std::string& what, const std::string& by, const std::string& field,
                         const std::string& remedy) {
    EXPECT_THAT(refusal(changed(what, by)),
                AllOf(HasSubstr("/some/mine.json: "), HasSubstr(field), HasSubstr(remedy)))
        << what << " -> " << by;
  };
  expect("\"evalzip_corpus\": 1, ", "", "evalzip_corpus is missing", "add");
  expect("\"evalzip_corpus\": 1", "\"evalzip_corpus\": 2", "evalzip_corpus is 2", "newer evalzip");
  expect("\"mine\"", "\"Mine\"", "name is \"Mine\"", "a-z, 0-9");
  expect("\"mine\"", "17", "name is 17", "text in quotes");
  expect("\"mine\"", "\"\"", "name is \"\"", "not be empty");
  expect("\"title\": \"T\"", "\"titel\": \"T\"", "title is missing", "add \"title\"");
  expect("\"title\": \"T\"", "\"title\": \"T\", \"note2\": 1", "note2 is 1",
         "known: evalzip_corpus");
  expect("\"size\": 5", "\"size\": -5", "documents[0].size is -5", "whole number of bytes");
  expect("\"size\": 5", "\"size\": \"5\"", "documents[0].size is \"5\"", "without quotes");
  expect("\"size\": 5", "\"size\": 5.5", "documents[0].size is 5.5", "whole number");
  expect("\"size\": 5", "\"size\": 99999999999999999999", "documents[0].size", "whole number");
  expect(kHash, "abc", "documents[0].sha256 is \"abc\"", "64 digits");
  expect(kHash, std::string(64, 'A'), "documents[0].sha256", "as sha256sum prints");
  expect("\"sha256\": \"" + kHash + "\", ", "", "documents[0].sha256 is missing", "sha256sum");
  expect("\"file\": \"f.zip\"", "\"file\": \"g.zip\"", "sources[0].file is \"g.zip\"", "\"files\"");
  expect("https://", "ftp://", "files[0].mirrors is \"ftp:", "http:// or https://");
  expect("https://example.com/", "https://e x/", "files[0].mirrors", "http:// or https://");
  expect("[\"https://example.com/f.zip\"]", "7", "files[0].mirrors is 7", "array");
  expect("[{\"name\": \"d\"", "[{}, {\"name\": \"d\"", "documents[0].name is missing", "add");
  expect("[{\"name\": \"d\"", "[3, {\"name\": \"d\"", "documents[0] is 3", "object");
  expect("\"size\": 5", "\"size\": 5, \"size\": 6", "\"size\" stands twice", "keep one");
  expect("\"size\": 5", "\"size\": 4e816497", "a number is beyond", "406");
  expect("\"licence\": \"L\",", "\"licence\": \"L\"", "line 3 is not valid JSON", "mend it there");
}

TEST(Manifest, DocumentsAndFilesHaveNamesOfTheirOwn) {
  const std::string document = "{\"name\": \"d\", \"size\": 1, \"sha256\": \"" + kHash + "\"}, ";
  EXPECT_THAT(refusal(changed("[{\"name\": \"d\"", "[" + document + "{\"name\": \"d\"")),
              HasSubstr("documents[1].name is \"d\"; another document has that name"));
  EXPECT_THAT(
      refusal(changed("[{\"name\": \"f.zip\"", "[{\"name\": \"f.zip\"}, {\"name\": \"f.zip\"")),
      HasSubstr("another file has that name"));
}

TEST(Manifest, HostileNamesAreRefused) {
  for (const char* hostile :
       {"../x", "/etc/passwd", "a/../../b", "a\\u0000b", "a\\nb", "a\\\\b", ".."}) {
    EXPECT_THAT(refusal(changed("\"d\"", "\"" + std::string(hostile) + "\"")),
                HasSubstr("write a plain relative name"))
        << hostile;
    EXPECT_THAT(
        refusal(changed("\"member\": \"m\"", "\"member\": \"" + std::string(hostile) + "\"")),
        HasSubstr("write a plain relative name"))
        << hostile;
  }
}

TEST(Manifest, NoBytesMakeTheParserFail) {
  for (const std::string text : {"", "[]", "null", "{", "\xff\xfe", "{\"evalzip_corpus\": 1}"}) {
    EXPECT_NE(refusal(text), "accepted") << text;
  }
  EXPECT_NE(refusal(std::string(100'000, '[')), "accepted");
}

TEST(Manifest, AManifestIsToldFromADocumentByItsKey) {
  TemporaryFolder folder;
  EXPECT_TRUE(is_manifest(write_file(folder.path() / "a.json", changed("5", "6"))));
  EXPECT_FALSE(is_manifest(write_file(folder.path() / "b.json", R"({"name": "evalzip_corpus"})")));
  EXPECT_FALSE(is_manifest(write_file(folder.path() / "c.json", R"([{"evalzip_corpus": 1}])")));
  EXPECT_TRUE(is_manifest(write_file(folder.path() / "d.json", R"({"evalzip_corpus": 1,)")));
  EXPECT_FALSE(is_manifest(write_file(folder.path() / "e.json", "not json")));
  EXPECT_FALSE(is_manifest(write_file(folder.path() / "f.txt", changed("5", "6"))));
}

TEST(ShippedManifests, AllAreReadWithoutComplaint) {
  RecordingProgress progress;
  const CorpusPlaces places{.search = {}, .cache = {}, .manifests = {EVALZIP_SHIPPED_MANIFESTS}};
  const std::vector<Manifest> all = read_all_manifests(places, progress);
  EXPECT_EQ(progress.notes, "");
  std::vector<std::string> names;
  for (const Manifest& manifest : all) names.push_back(manifest.name);
  EXPECT_THAT(names, testing::IsSupersetOf({"calgary", "canterbury", "canterbury-large", "demo",
                                            "enwik4", "enwik8", "enwik9", "silesia", "text8"}));
}

Manifest shipped(const std::string& name) {
  return read_manifest(fs::path(EVALZIP_SHIPPED_MANIFESTS) / (name + ".json"));
}

TEST(ShippedManifests, HaveThePublishedTotals) {
  const auto total = [&](const std::string& name) {
    std::uint64_t bytes = 0;
    const Manifest manifest = shipped(name);
    for (const ManifestDocument& document : manifest.documents) bytes += document.identity.size;
    return bytes;
  };
  EXPECT_EQ(total("silesia"), 211'938'580u);
  EXPECT_EQ(total("canterbury"), 2'810'784u);
  EXPECT_EQ(total("calgary"), 3'251'493u);
  EXPECT_EQ(total("canterbury-large"), 11'159'482u);
}

TEST(ShippedManifests, NameOnlyGeneratorsThatExist) {
  const std::vector<Generator> generators = all_generators();
  std::set<std::string_view> named, known;
  for (const Generator& generator : generators) known.insert(generator.name);
  for (const char* corpus : {"demo", "synthetic"}) {
    for (const ManifestDocument& document : shipped(corpus).documents) {
      const auto generator = known.find(document.generator.value_or(""));
      ASSERT_NE(generator, known.end()) << document.name;
      named.insert(*generator);
    }
  }
  EXPECT_EQ(named, known);
}

class Catalogue : public Corpora {};

TEST_F(Catalogue, OneMalformedManifestDoesNotHideTheOthers) {
  add_manifest("good", "\"documents\": [" + document_json("d", "x") + "]");
  write_file(manifests() / "bad.json", "{");
  write_file(manifests() / "other.json", read_file(manifests() / "good.json"));
  const std::vector<Manifest> all = read_all_manifests(places(), progress);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_THAT(progress.notes, AllOf(HasSubstr("bad.json: line 1 is not valid JSON"),
                                    HasSubstr("other.json: name is \"good\"")));
  EXPECT_FALSE(find_manifest("../manifests/good", places()));
  EXPECT_THROW(find_manifest("bad", places()), CorpusError);
}

}  // namespace
}  // namespace evalzip
