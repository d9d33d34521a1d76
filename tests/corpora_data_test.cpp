// The real corpora, where they are at hand: EVALZIP_TEST_DATA/corpora.
#include <gmock/gmock.h>

#include <cstdlib>

#include "corpora/open_corpus.h"
#include "tests/corpora_fixture.h"

namespace evalzip {
namespace {

using testing::SizeIs;

class RealData : public Corpora {
 protected:
  void SetUp() override {
    const char* data = std::getenv("EVALZIP_TEST_DATA");
    if (data == nullptr ||
        !std::filesystem::is_directory(std::filesystem::path(data) / "corpora")) {
      GTEST_SKIP() << "EVALZIP_TEST_DATA names no folder with corpora";
    }
    here = places();
    here.search = {std::filesystem::path(data) / "corpora"};
    here.manifests = {EVALZIP_SHIPPED_MANIFESTS};
  }
  CorpusPlaces here;
};

TEST_F(RealData, PrefixesOfEnwik8AreCutFromALongerPrefix) {
  for (const auto& [name, size] : {std::pair("enwik4", 10'000u), std::pair("enwik5", 100'000u),
                                   std::pair("enwik6", 1'000'000u)}) {
    const Corpus corpus = open_corpus(name, here, progress);
    ASSERT_THAT(corpus.documents, SizeIs(1)) << corpus.missing.at(0).why;
    EXPECT_EQ(corpus.documents[0].size, size);
  }
  EXPECT_THAT(open_corpus("enwik7", here, progress).missing, SizeIs(1));
}

TEST_F(RealData, CanterburyIsComplete) {
  EXPECT_THAT(open_corpus("canterbury", here, progress).documents, SizeIs(11));
  EXPECT_THAT(open_corpus("canterbury-artificial", here, progress).documents, SizeIs(4));
  EXPECT_THAT(open_corpus("canterbury-misc", here, progress).documents, SizeIs(1));
}

TEST_F(RealData, TheAbsentFilesOfSilesiaAreMissingByName) {
  const Corpus corpus = open_corpus("silesia", here, progress);
  EXPECT_EQ(corpus.documents.size() + corpus.missing.size(), 12u);
  for (const MissingDocument& missing : corpus.missing) {
    EXPECT_FALSE(missing.why.empty());
    EXPECT_TRUE(missing.size);
  }
  std::vector<std::string> names;
  for (const Document& document : corpus.documents) names.push_back(document.name);
  EXPECT_THAT(names, testing::IsSupersetOf({"dickens", "x-ray", "xml"}));
}

}  // namespace
}  // namespace evalzip
