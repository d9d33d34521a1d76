#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "corpora/document_cache.h"
#include "corpora/open_corpus.h"
#include "tests/corpora_fixture.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

constexpr int kCannotTry = 77;

class Cache : public Corpora {
 protected:
  void SetUp() override {
    add_manifest("m", "\"documents\": [" + document_json("d", text) + "]");
    write_compressed(search() / "d.xz", ARCHIVE_FILTER_XZ, text);
  }
  fs::path document_path() const {
    const std::string hash = sha256_of(text);
    return places().cache / "documents" / hash.substr(0, 2) / hash;
  }
  std::size_t unfinished_files() const {
    std::error_code error;
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(places().cache / "unfinished", error)) {
      count += entry.is_regular_file() ? 1u : 0u;
    }
    return count;
  }
  // Runs `work` in a process of its own; its exit code.
  template <class Work>
  static int in_child(Work work) {
    const pid_t child = fork();
    if (child == 0) _exit(work());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  const std::string text = some_text(2'000'000);
};

TEST_F(Cache, HoldsRawBytesUnderTheirHash) {
  const Corpus corpus = open_corpus("m", places(), progress);
  ASSERT_THAT(corpus.documents, SizeIs(1));
  EXPECT_EQ(corpus.documents[0].path, document_path());
  EXPECT_EQ(read_file(document_path()), text);
  EXPECT_EQ(unfinished_files(), 0u);
}

TEST_F(Cache, IsUsedAgainWithoutUnpacking) {
  open_corpus("m", places(), progress);
  fs::remove(search() / "d.xz");
  EXPECT_THAT(open_corpus("m", places(), progress).documents, SizeIs(1));
}

TEST_F(Cache, ADamagedFileIsThrownAwayAndUnpackedAgain) {
  open_corpus("m", places(), progress);
  for (const bool shorter : {false, true}) {
    std::string damaged = text;
    damaged[1234] = '!';
    if (shorter) damaged.resize(99);
    write_file(document_path(), damaged);
    const FoundCorpus found = verify_corpus("m", places(), progress);
    EXPECT_THAT(found.rejected, SizeIs(1)) << "the damage is told";
    EXPECT_EQ(read_file(found.corpus.documents.at(0).path), text);
  }
  EXPECT_THAT(progress.notes, HasSubstr("in the cache is damaged"));
  fs::remove(search() / "d.xz");
  write_file(document_path(), "damaged");
  EXPECT_THAT(open_corpus("m", places(), progress).missing.at(0).why, HasSubstr("was damaged"));
  EXPECT_FALSE(fs::exists(document_path()));
}

TEST_F(Cache, SeveralProcessesUnpackingAtOnceAllGetTheDocument) {
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      const Corpus corpus = open_corpus("m", places(), progress);
      _exit(corpus.documents.size() == 1 && read_file(corpus.documents[0].path) == text ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(unfinished_files(), 0u);
}

class KillAt : public Progress {
 public:
  explicit KillAt(int step) : left_(step) {}
  bool advance(const ProgressStep& step) override {
    if (step.what.starts_with("unpacking") && --left_ == 0) std::raise(SIGKILL);
    return true;
  }

 private:
  int left_;
};

TEST_F(Cache, AKilledProcessLeavesNothingThatIsUsed) {
  for (const int step : {1, 3, 6}) {
    EXPECT_EQ(in_child([&] {
                KillAt killer(step);
                open_corpus("m", places(), killer);
                return 0;
              }),
              -1);
    EXPECT_FALSE(fs::exists(document_path()));
    EXPECT_EQ(unfinished_files(), 1u);
  }
  EXPECT_EQ(read_file(open_corpus("m", places(), progress).documents.at(0).path), text);
  EXPECT_EQ(unfinished_files(), 0u) << "what the killed ones left is swept away";
}

TEST_F(Cache, AFullDiskIsToldWithTheSpaceThatIsNeededAndFree) {
  const fs::path small = folder.path() / "small";
  fs::create_directories(small);
  const int result = in_child([&] {
    const int spaces = geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS;
    if (unshare(spaces) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", small.c_str(), "tmpfs", 0, "size=262144") != 0) {
      return kCannotTry;
    }
    CorpusPlaces places_on_it = places();
    places_on_it.cache = small / "cache";
    try {
      open_corpus("m", places_on_it, progress);
    } catch (const CorpusError& error) {
      write_file(folder.path() / "message", error.what());
      return error.kind() == CorpusError::Kind::environment ? 0 : 1;
    }
    return 2;
  });
  if (result == kCannotTry) GTEST_SKIP() << "this machine lets no small file system be mounted";
  ASSERT_EQ(result, 0);
  EXPECT_THAT(
      read_file(folder.path() / "message"),
      AllOf(HasSubstr("2000000 bytes"), HasSubstr("are free"), HasSubstr("XDG_CACHE_HOME")));
}

TEST_F(Cache, ACacheThatCannotBeMadeIsToldWithTheRemedy) {
  CorpusPlaces bad = places();
  bad.cache = write_file(folder.path() / "a-file", "x") / "cache";
  try {
    open_corpus("m", bad, progress);
    FAIL();
  } catch (const CorpusError& error) {
    EXPECT_EQ(error.kind(), CorpusError::Kind::environment);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("a-file/cache"), HasSubstr("XDG_CACHE_HOME")));
  }
}

TEST_F(Cache, IsNotNeededForPlainFiles) {
  write_file(search() / "d", text);
  CorpusPlaces bad = places();
  bad.cache = write_file(folder.path() / "a-file", "x") / "cache";
  EXPECT_THAT(open_corpus("m", bad, progress).documents, SizeIs(1));
}

}  // namespace
}  // namespace evalzip
