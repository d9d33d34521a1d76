#include "tracking/history.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sample_run.h"
#include "tests/temporary_folder.h"

namespace evalzip {
namespace {

using testing::HasSubstr;

Run dated_run(int day, std::uint64_t encoded_bytes) {
  evalzip::Run run;
  run.environment = sample_environment();
  run.environment.started_utc = "2026-01-01T00:00:" + std::to_string(100 + day);
  run.environment.commit = "commit" + std::to_string(day);
  run.records = {sample_record({"c", "d", "zstd:3", 1000, encoded_bytes, 1, 1, 0, 0})};
  return run;
}

class HistoryTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "history.db"; }
  TemporaryFolder folder_;
};

TEST_F(HistoryTest, ARunIsThereOnceHoweverOftenItIsImported) {
  History history(file());
  EXPECT_TRUE(history.import_run(dated_run(1, 500)));
  EXPECT_FALSE(history.import_run(dated_run(1, 500)));
  EXPECT_TRUE(history.import_run(dated_run(2, 500)));
  EXPECT_EQ(history.runs().size(), 2u);
  EXPECT_EQ(History(file()).runs().size(), 2u);
}

TEST_F(HistoryTest, AChangeOfOneByteIsFoundWithItsCommits) {
  History history(file());
  for (int day = 0; day < 30; ++day) history.import_run(dated_run(day, day < 12 ? 500 : 501));
  const auto changes = history.changes({});
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].last_before, "commit11");
  EXPECT_EQ(changes[0].first_after, "commit12");
  EXPECT_EQ(changes[0].series.metric_name, "encoded_bytes");
}

TEST_F(HistoryTest, HostileNamesAreKeptAsTheyAre) {
  evalzip::Run run = sample_run();
  History history(file());
  history.import_run(run);
  bool found = false;
  for (const Series& series : history.series()) {
    found = found || series.cell.codec == "'; DROP TABLE runs; --";
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(history.runs().size(), 1u);
}

TEST_F(HistoryTest, AFileThatIsNoneOrIsNewerIsRefused) {
  std::ofstream(file()) << "this is not a database, it is a text of some length";
  EXPECT_THROW(History{file()}, HistoryError);
  const std::filesystem::path newer = folder_.path() / "newer.db";
  { Database(newer).execute("PRAGMA user_version = 99"); }
  try {
    History history(newer);
    FAIL() << "not refused";
  } catch (const HistoryError& error) {
    EXPECT_THAT(error.what(), HasSubstr("newer"));
  }
}

// A child that imports until it is killed.
pid_t start_importing(const std::filesystem::path& file, int first_day) {
  const pid_t child = fork();
  if (child == 0) {
    History history(file);
    for (int day = first_day;; ++day) history.import_run(dated_run(day, 500));
  }
  return child;
}

TEST_F(HistoryTest, AKilledImportLosesNothingThatWasDone) {
  { const History history(file()); }
  for (int attempt = 0; attempt < 5; ++attempt) {
    const pid_t child = start_importing(file(), 1'000'000 * attempt);
    ASSERT_GT(child, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(100 + 37 * attempt));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    History history(file());
    for (const ImportedRun& run : history.runs()) EXPECT_GT(run.values, 0u) << run.commit;
    EXPECT_TRUE(history.import_run(dated_run(1'000'000 * attempt + 999'999, 500)));
  }
}

TEST_F(HistoryTest, TwoWritersAtOnceLoseNoRun) {
  constexpr int kRuns = 100;
  std::vector<pid_t> children;
  for (int writer = 0; writer < 2; ++writer) {
    const pid_t child = fork();
    if (child == 0) {
      History history(file());
      for (int day = 0; day < kRuns; ++day) history.import_run(dated_run(1000 * writer + day, 500));
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(History(file()).runs().size(), 2u * kRuns);
}

TEST_F(HistoryTest, ManyThatMakeTheFileAtOnceWaitForEachOther) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    const std::filesystem::path fresh = file().string() + std::to_string(attempt);
    const auto start = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
    std::vector<pid_t> children;
    for (int writer = 0; writer < 6; ++writer) {
      const pid_t child = fork();
      if (child == 0) {
        std::this_thread::sleep_until(start);
        int status = 1;
        try {
          status = History(fresh).import_run(dated_run(writer, 5)) ? 0 : 2;
        } catch (const std::exception&) {
        }
        _exit(status);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      waitpid(child, &status, 0);
      EXPECT_EQ(status, 0) << "attempt " << attempt;
    }
    EXPECT_EQ(History(fresh).runs().size(), 6u);
  }
}

}  // namespace
}  // namespace evalzip
