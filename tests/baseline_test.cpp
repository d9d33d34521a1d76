#include "tracking/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/random_run.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

using testing::HasSubstr;

Run run_with(std::uint64_t encoded_bytes, std::uint64_t instructions) {
  evalzip::Run run;
  run.environment = sample_environment();
  for (const char* document : {"b", "a"}) {
    Record record =
        sample_record({"corpus", document, "zstd:19,long=27", 1000, encoded_bytes, 1, 1, 0, 0});
    record.encode_instructions = instructions;
    run.records.push_back(record);
  }
  return run;
}

std::string message_of(const std::string& text) {
  try {
    parse_baseline(text);
  } catch (const BaselineError& error) {
    return error.what();
  }
  return "(no error)";
}

TEST(Baseline, IsSortedAndReadsBack) {
  const Baseline baseline = baseline_of(run_with(500, 1000));
  EXPECT_EQ(baseline.size(), 4u);  // two cells, anywhere and here
  const std::string text = format_baseline(baseline);
  EXPECT_LT(text.find("corpus/a"), text.find("corpus/b"));
  EXPECT_THAT(text, HasSubstr("zstd:19,long=27 1.0 * "));
  EXPECT_EQ(parse_baseline(text), baseline);
}

TEST(Baseline, AnyNamesSurvive) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    evalzip::Run run = RandomRun(seed).run();
    for (Record& record : run.records) {  // a double holds whole numbers up to 2^53 exactly
      for (auto* field : {&record.encoded_bytes, &record.model_bytes, &record.block_bytes,
                          &record.encode_peak_bytes, &record.decode_peak_bytes,
                          &record.encode_instructions, &record.decode_instructions}) {
        if (*field) **field >>= 11;
      }
      record.original_bytes >>= 11;
      record.ideal_bits.reset();
    }
    const Baseline baseline = baseline_of(run);
    EXPECT_EQ(parse_baseline(format_baseline(baseline)), baseline) << seed;
  }
}

TEST(Baseline, ChangingOneCellChangesOneLine) {
  Baseline baseline = baseline_of(run_with(500, 1000));
  const std::string before = format_baseline(baseline);
  evalzip::Run run = run_with(500, 1000);
  run.records.resize(1);
  ++*run.records[0].encoded_bytes;
  update_baseline(baseline, baseline_of(run));
  const std::string after = format_baseline(baseline);
  EXPECT_EQ(before.size(), after.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < before.size(); ++i) different += before[i] != after[i] ? 1 : 0;
  EXPECT_EQ(different, 1u);
}

TEST(Baseline, OneByteMoreFailsAndTheSameDoesNot) {
  const Baseline baseline = baseline_of(run_with(500, 1000));
  EXPECT_FALSE(check_baseline(baseline, run_with(500, 1000)).regressed());
  EXPECT_TRUE(check_baseline(baseline, run_with(501, 1000)).regressed());
  EXPECT_FALSE(check_baseline(baseline, run_with(499, 1000)).regressed());
  EXPECT_TRUE(check_baseline(baseline, run_with(500, 1020)).regressed());
}

TEST(Baseline, AnUnknownToolchainOrVersionIsANoteAndNoFailure) {
  const Baseline baseline = baseline_of(run_with(500, 1000));
  evalzip::Run run = run_with(500, 9000);
  run.environment.libc = "musl 1.2";
  Comparison comparison = check_baseline(baseline, run);
  EXPECT_FALSE(comparison.regressed());
  EXPECT_THAT(comparison.notes, testing::Contains(HasSubstr("musl")));
  run = run_with(700, 1000);
  run.records[0].version = "2.0";
  run.records[1].encoded_bytes = 500;
  comparison = check_baseline(baseline, run);
  EXPECT_FALSE(comparison.regressed());
  EXPECT_THAT(comparison.notes, testing::Contains(HasSubstr("another codec version")));
}

TEST(Baseline, AnotherVersionOfEveryCodecIsNoFailure) {
  evalzip::Run run = run_with(700, 1000);
  for (Record& record : run.records) record.version = "2.0";
  const Comparison comparison = check_baseline(baseline_of(run_with(500, 1000)), run);
  EXPECT_FALSE(comparison.regressed());
  EXPECT_THAT(comparison.notes, testing::Contains(HasSubstr("another codec version")));
  for (Record& record : run.records) record.corpus = "elsewhere";
  EXPECT_THROW(check_baseline(baseline_of(run_with(500, 1000)), run), ComparisonError);
}

TEST(Baseline, CellsThatAreNoLongerMeasuredAreNamed) {
  evalzip::Run run = run_with(500, 1000);
  run.records.pop_back();
  const Comparison comparison = check_baseline(baseline_of(run_with(500, 1000)), run);
  ASSERT_EQ(comparison.removed.size(), 1u);
  EXPECT_EQ(comparison.removed[0].cell.document, "a");
}

TEST(Baseline, ANewVersionReplacesTheOldLinesOfItsToolchainOnly) {
  Baseline baseline = baseline_of(run_with(500, 1000));
  evalzip::Run run = run_with(400, 900);
  run.environment.libc = "musl 1.2";
  for (Record& record : run.records) record.version = "2.0";
  update_baseline(baseline, baseline_of(run));
  EXPECT_EQ(baseline.size(), 6u);  // two cells: anywhere anew, the old toolchain's, musl's
}

TEST(Baseline, DamageIsNamedByLine) {
  const std::string head = "# evalzip baseline 1\n";
  EXPECT_THAT(message_of(""), HasSubstr("empty"));
  EXPECT_THAT(message_of("{}"), HasSubstr("not a baseline"));
  EXPECT_THAT(message_of("# evalzip baseline 2\n"), HasSubstr("not a baseline"));
  EXPECT_THAT(message_of(head + "corpus"), HasSubstr("line 2"));
  EXPECT_THAT(message_of(head + "a/b c 1"), HasSubstr("TOOLCHAIN is not there"));
  EXPECT_THAT(message_of(head + "a/b c 1 * encoded_bytes=nan"), HasSubstr("not a number"));
  EXPECT_THAT(message_of(head + "a/b c 1 * encoded_bytes=-1"), HasSubstr("not a number"));
  EXPECT_THAT(message_of(head + "a/b c 1 * encode_seconds=1"), HasSubstr("no metric"));
  EXPECT_THAT(message_of(head + "a/b%4 c 1 *"), HasSubstr("hexadecimal"));
  EXPECT_THAT(message_of(head + "a/b c 1 *\na/b c 1 *"), HasSubstr("line 3"));
}

}  // namespace
}  // namespace evalzip
