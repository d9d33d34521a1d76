#include "corpora/fetch.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "corpora/open_corpus.h"
#include "tests/corpora_fixture.h"

namespace evalzip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

// tests/http_faults.py, which ends with the test because its standard input does.
class FaultServer {
 public:
  explicit FaultServer(const fs::path& folder) {
    std::array<int, 2> in{}, out{};
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) return;
    child_ = fork();
    if (child_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      for (const int end : {in[0], in[1], out[0], out[1]}) close(end);
      execlp("python3", "python3", EVALZIP_HTTP_FAULTS, folder.c_str(),
             static_cast<char*>(nullptr));
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    stdin_ = in[1];
    for (char c = 0; read(out[0], &c, 1) == 1 && c != '\n';) port_ += c;
    close(out[0]);
  }
  ~FaultServer() {
    close(stdin_);
    waitpid(child_, nullptr, 0);
  }
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;

  bool runs() const { return !port_.empty(); }
  std::string at(const std::string& path) const { return "http://127.0.0.1:" + port_ + "/" + path; }

 private:
  pid_t child_ = -1;
  int stdin_ = -1;
  std::string port_;
};

class Fetch : public Corpora {
 protected:
  void SetUp() override {
    for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
      unsetenv(variable);
    write_file(web / "a", content);
    if (!server.runs()) GTEST_SKIP() << "python3 is not installed";
  }

  Download download(const std::vector<std::string>& paths) const {
    Download result{.name = "a", .mirrors = {}, .target = folder.path() / "got/a"};
    for (const std::string& path : paths) result.mirrors.push_back(server.at(path));
    result.size = content.size();
    result.sha256 = sha256_of(content);
    return result;
  }
  // Fetches; the reason of failure, or "" with the file checked and nothing left beside it.
  std::string fetch(const Download& request) {
    fs::remove(request.target);
    Fetcher fetcher(limits, progress);
    const auto failure = fetcher.fetch(request, [](const fs::path&) { return std::nullopt; });
    if (failure) {
      EXPECT_FALSE(fs::exists(request.target)) << "a wrong or half file must not be there";
      return failure->why;
    }
    EXPECT_EQ(read_file(request.target), content);
    EXPECT_FALSE(fs::exists(part(request)));
    return "";
  }
  static fs::path part(const Download& request) { return request.target.string() + ".part"; }
  std::string requests() const { return read_file(web / "requests"); }

  const std::string content = some_text(200'000);
  const fs::path web = folder.path() / "web";
  const FaultServer server{(fs::create_directories(web), web)};
  FetchLimits limits{
      .connect_seconds = 5, .stall_seconds = 1, .pause = std::chrono::milliseconds(1)};
};

TEST_F(Fetch, AFileArrivesAndProgressIsTold) {
  EXPECT_EQ(fetch(download({"ok/a"})), "");
  ASSERT_FALSE(progress.steps.empty());
  bool whole = false;
  for (const ProgressStep& step : progress.steps) {
    whole = whole || (step.what == "downloading a" && step.done_bytes == content.size() &&
                      step.total_bytes == content.size() && step.source == server.at("ok/a"));
  }
  EXPECT_TRUE(whole);
}

TEST_F(Fetch, AMissingFileSendsUsToTheNextMirror) {
  EXPECT_EQ(fetch(download({"missing/a", "ok/a"})), "");
  EXPECT_THAT(fetch(download({"missing/a"})), AllOf(HasSubstr("missing/a"), HasSubstr("HTTP 404")));
  EXPECT_EQ(fetch(download({"busy/a"})), "") << "503 passes";
}

TEST_F(Fetch, ATruncatedTransferGoesOnWhereItEnded) {
  EXPECT_EQ(fetch(download({"truncate/a"})), "");
  EXPECT_THAT(requests(), HasSubstr("/truncate/a bytes=66666-"));
  EXPECT_THAT(progress.notes, HasSubstr("going on from byte 66666"));
}

TEST_F(Fetch, AStalledTransferIsCutAndResumed) {
  EXPECT_EQ(fetch(download({"stall/a"})), "");
  EXPECT_THAT(requests(), HasSubstr("/stall/a bytes=1000-"));
}

TEST_F(Fetch, AServerThatIgnoresRangesSendsTheWholeAgain) {
  EXPECT_EQ(fetch(download({"no-range/a"})), "");
}

TEST_F(Fetch, AFileThatChangedBetweenTwoTransfersIsFetchedAnew) {
  EXPECT_EQ(fetch(download({"changed/a"})), "");
}

TEST_F(Fetch, WrongBytesAreRemovedToldAndTheNextMirrorTried) {
  const std::string why = fetch(download({"wrong/a"}));
  EXPECT_THAT(why, AllOf(HasSubstr("expected SHA-256 " + sha256_of(content)), HasSubstr("found")));
  EXPECT_FALSE(fs::exists(part(download({}))));
  EXPECT_EQ(fetch(download({"wrong/a", "longer/a", "shorter/a", "ok/a"})), "");
  EXPECT_THAT(fetch(download({"longer/a"})), HasSubstr("more than the expected 200000 bytes"));
  EXPECT_THAT(fetch(download({"shorter/a"})),
              HasSubstr("expected 200000 bytes, found at most 199995"));
}

TEST_F(Fetch, RedirectsAreFollowedButNotForEverNorOutOfTheWeb) {
  EXPECT_EQ(fetch(download({"moved/a"})), "");
  EXPECT_THAT(fetch(download({"loop/a"})), HasSubstr("redirects"));
  EXPECT_NE(fetch(download({"to-file/a"})), "");
}

TEST_F(Fetch, WhatALaterCallFindsIsGoneOnFrom) {
  const Download request = download({"ok/a"});
  write_file(part(request), content.substr(0, 150'000));
  EXPECT_EQ(fetch(request), "");
  EXPECT_EQ(requests(), "/ok/a bytes=150000-\n");
}

TEST_F(Fetch, AWrongPartIsFoundOutAndFetchedAnew) {
  const Download request = download({"ok/a"});
  write_file(part(request), std::string(150'000, '?'));
  EXPECT_EQ(fetch(request), "");
  EXPECT_THAT(progress.notes, HasSubstr("downloading it anew"));
  write_file(part(request), std::string(300'000, '?'));
  EXPECT_EQ(fetch(request), "") << "longer than the file";
}

TEST_F(Fetch, ACompletePartNeedsNoRequest) {
  const Download request = download({"ok/a"});
  write_file(part(request), content);
  EXPECT_EQ(fetch(request), "");
  EXPECT_FALSE(fs::exists(web / "requests"));
}

TEST_F(Fetch, RangeNotSatisfiableStartsAfreshWhenTheSizeIsUnknown) {
  Download request = download({"ok/a"});
  request.size.reset();
  write_file(part(request), content + "too much");
  EXPECT_EQ(fetch(request), "");
  EXPECT_THAT(requests(), HasSubstr("bytes=200008-"));
}

TEST_F(Fetch, StoppedByTheUserItKeepsThePart) {
  const Download request = download({"stall/a"});
  class StopAt1000 : public Progress {
    bool advance(const ProgressStep& step) override { return step.done_bytes < 1000; }
  } stopper;
  Fetcher fetcher(limits, stopper);
  EXPECT_THROW((void)fetcher.fetch(request, [](const fs::path&) { return std::nullopt; }),
               Cancelled);
  EXPECT_EQ(fs::file_size(part(request)), 1000u);
  EXPECT_EQ(fetch(request), "");
}

TEST_F(Fetch, AHostThatIsNotThereIsTriedOnce) {
  Download request = download({"ok/a"});
  request.mirrors = {"http://127.0.0.1:1/a", "http://127.0.0.1:1/b"};
  const std::string why = fetch(request);
  EXPECT_THAT(why, HasSubstr("127.0.0.1:1/b: "));
  EXPECT_THAT(why, HasSubstr("(not tried again)"));
}

TEST_F(Fetch, ARefusedFileIsRemovedAndTheNextMirrorTried) {
  const Download request = download({"ok/a", "moved/a"});
  int calls = 0;
  Fetcher fetcher(limits, progress);
  const auto failure = fetcher.fetch(request, [&](const fs::path&) -> std::optional<std::string> {
    if (++calls == 1) return "not what I want";
    return std::nullopt;
  });
  EXPECT_FALSE(failure);
  EXPECT_EQ(calls, 2);
}

TEST_F(Fetch, ACorpusIsDownloadedUnpackedAndKept) {
  const std::string one = some_text(5000, 3), two = some_text(6000, 4);
  write_archive(web / "c.tar.xz", {.filter = ARCHIVE_FILTER_XZ}, {{"one", one}, {"two", two}});
  write_compressed(web / "three.bz2", ARCHIVE_FILTER_BZIP2, content);
  const auto source = [](const char* file, const char* member) {
    return fmt::format(R"(,"sources":[{{"file":"{}"{}}}])", file,
                       *member ? fmt::format(R"(,"member":"{}")", member) : "");
  };
  add_manifest("net", fmt::format(R"("files":[{{"name":"c.tar.xz","mirrors":["{}","{}"]}},
                                  {{"name":"three.bz2","mirrors":["{}"]}}], "documents":[{},{},{}])",
                                  server.at("wrong/c.tar.xz"), server.at("ok/c.tar.xz"),
                                  server.at("no-range/three.bz2"),
                                  document_json("one", one, source("c.tar.xz", "one")),
                                  document_json("two", two, source("c.tar.xz", "two")),
                                  document_json("three", content, source("three.bz2", ""))));
  EXPECT_THAT(open_corpus("net", places(), progress).missing, SizeIs(3)) << "offline";
  EXPECT_FALSE(fs::exists(web / "requests"));
  const FoundCorpus found = fetch_corpus("net", places(), progress);
  EXPECT_THAT(found.corpus.documents, SizeIs(3))
      << (found.corpus.missing.empty() ? "" : found.corpus.missing[0].why);
  EXPECT_THAT(open_corpus("net", places(), progress).documents, SizeIs(3)) << "offline, now cached";
  EXPECT_TRUE(fs::is_empty(places().cache / "downloads/net")) << "archives are not kept";
}

TEST_F(Fetch, WrongBytesEverywhereAreAMatterOfIntegrity) {
  add_manifest("bad", fmt::format(R"("files":[{{"name":"a","mirrors":["{}"]}}], "documents":[{}])",
                                  server.at("wrong/a"),
                                  document_json("a", content, R"(,"sources":[{"file":"a"}])")));
  const FoundCorpus found = fetch_corpus("bad", places(), progress);
  EXPECT_THAT(found.corpus.missing, SizeIs(1));
  EXPECT_FALSE(found.rejected.empty());
}

}  // namespace
}  // namespace evalzip
