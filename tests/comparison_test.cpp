#include "tracking/comparison.h"

#include <algorithm>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/split_mix.h"
#include "tests/sample_run.h"
#include "tracking/comparison_format.h"
#include "tracking/confirmation.h"
#include "tracking/speed_test.h"

namespace evalzip {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr ComparisonOptions kInTurns{.interleaved = true};

std::vector<double> noisy_seconds(double middle, std::uint64_t seed, double noise = 0.01) {
  SplitMix64 random(seed);
  std::vector<double> seconds;
  for (int i = 0; i < 20; ++i) {
    seconds.push_back(middle * (1 + noise * static_cast<double>(random.below(1000)) / 1000));
  }
  return seconds;
}

Record record(const std::string& document, double seconds, std::uint64_t seed) {
  Record one = sample_record({"corpus", document, "zstd:3", 1'000'000, 400'000, 100, 100, 0, 0});
  one.encode_seconds = one.encode_cpu_seconds = noisy_seconds(seconds, seed);
  one.decode_seconds = one.decode_cpu_seconds = noisy_seconds(seconds, seed + 1000);
  one.encode_rounds.clear();
  one.decode_rounds.clear();
  one.encode_peak_bytes = one.decode_peak_bytes = 10 << 20;
  return one;
}

// Ten cells; every time is `factor` times 10 ms.
Run run_of(double factor, std::uint64_t seed) {
  evalzip::Run run;
  run.environment = sample_environment();
  for (int i = 0; i < 10; ++i) {
    run.records.push_back(record("file" + std::to_string(i), 0.01 * factor,
                                 seed + 10 * static_cast<std::uint64_t>(i)));
  }
  return run;
}

std::string written(const Comparison& comparison, const char* format) {
  std::ostringstream out;
  find_comparison_format(format).write(comparison, out);
  return out.str();
}

const Finding& worst(const Comparison& comparison) { return comparison.findings.front(); }

TEST(Comparison, EqualRunsAreUnchanged) {
  const Comparison comparison = compare_runs(run_of(1, 1), run_of(1, 2), kInTurns);
  EXPECT_EQ(comparison.cells, 10u);
  EXPECT_EQ(comparison.count(Verdict::regressed), 0u);
  EXPECT_EQ(comparison.count(Verdict::improved), 0u);
  EXPECT_FALSE(comparison.regressed());
}

TEST(Comparison, OneByteMoreIsARegressionAndOneLessAnImprovement) {
  const evalzip::Run base = run_of(1, 1);
  evalzip::Run head = base;
  ++*head.records[3].encoded_bytes;
  --*head.records[4].encoded_bytes;
  const Comparison comparison = compare_runs(base, head, {});
  EXPECT_TRUE(comparison.regressed());
  EXPECT_EQ(comparison.count(Verdict::regressed), 1u);
  EXPECT_EQ(comparison.count(Verdict::improved), 1u);
  EXPECT_EQ(worst(comparison).cell.document, "file3");
  EXPECT_EQ(worst(comparison).metric->name, "encoded_bytes");
}

TEST(Comparison, TwoPercentMoreInstructionsAreARegressionAndHalfAPercentIsNot) {
  evalzip::Run base = run_of(1, 1);
  for (Record& one : base.records) one.encode_instructions = 1'000'000;
  evalzip::Run head = base;
  head.records[0].encode_instructions = 1'020'000;
  head.records[1].encode_instructions = 1'005'000;
  const Comparison comparison = compare_runs(base, head, {});
  EXPECT_TRUE(comparison.regressed());
  EXPECT_EQ(comparison.count(Verdict::regressed), 1u);
}

TEST(Comparison, InstructionsOfAnotherToolchainAreAdvisory) {
  evalzip::Run base = run_of(1, 1);
  for (Record& one : base.records) one.encode_instructions = 1'000'000;
  evalzip::Run head = base;
  head.records[0].encode_instructions = 2'000'000;
  head.environment.compiler = "GCC 13.2.0";
  const Comparison comparison = compare_runs(base, head, {});
  EXPECT_EQ(comparison.count(Verdict::regressed), 1u);
  EXPECT_FALSE(comparison.regressed());
}

TEST(Comparison, MemoryMustGrowByFivePercentAndByAMebibyte) {
  const evalzip::Run base = run_of(1, 1);
  evalzip::Run head = base;
  head.records[0].encode_peak_bytes = (10 << 20) + (900 << 10);  // 8.8 %, below a MiB
  EXPECT_FALSE(compare_runs(base, head, {}).regressed());
  head.records[0].encode_peak_bytes = (12 << 20);
  EXPECT_TRUE(compare_runs(base, head, {}).regressed());
}

TEST(Comparison, ASlowdownMeasuredInTurnsIsARegression) {
  const Comparison comparison = compare_runs(run_of(1, 1), run_of(1.08, 2), kInTurns);
  EXPECT_TRUE(comparison.regressed());
  EXPECT_EQ(comparison.count(Verdict::regressed), 20u);
  ASSERT_TRUE(worst(comparison).ratio_interval);
  EXPECT_GT(worst(comparison).ratio_interval->low, 1.05);
}

TEST(Comparison, StoredSpeedsAreAdvisoryUnlessTheUserVouchesForThem) {
  const Comparison stored = compare_runs(run_of(1, 1), run_of(1.5, 2), {});
  EXPECT_EQ(stored.count(Verdict::regressed), 20u);
  EXPECT_FALSE(stored.regressed());
  EXPECT_TRUE(compare_runs(run_of(1, 1), run_of(1.5, 2), {.trust_stored_speed = true}).regressed());
  evalzip::Run elsewhere = run_of(1.5, 2);
  elsewhere.environment.cpu = "another";
  EXPECT_FALSE(compare_runs(run_of(1, 1), elsewhere, {.trust_stored_speed = true}).regressed());
}

TEST(Comparison, NoiseMakesANullResultInconclusive) {
  evalzip::Run base = run_of(1, 1), head = run_of(1, 2);
  base.records[0].encode_cpu_seconds = noisy_seconds(0.01, 77, 0.4);
  const Comparison comparison = compare_runs(base, head, kInTurns);
  EXPECT_EQ(comparison.count(Verdict::inconclusive), 1u);
}

TEST(Comparison, FewSamplesAreInconclusive) {
  evalzip::Run base = run_of(1, 1), head = run_of(3, 2);
  for (evalzip::Run* run : {&base, &head}) {
    run->records[0].encode_seconds = run->records[0].encode_cpu_seconds = {0.1, 0.1, 0.1};
  }
  const Comparison comparison = compare_runs(base, head, kInTurns);
  EXPECT_EQ(comparison.count(Verdict::inconclusive), 1u);
}

TEST(Comparison, SixSamplesOfManyCellsAreTooFewForOneSlowdown) {
  evalzip::Run base = run_of(1, 1), head = run_of(1, 2);
  for (evalzip::Run* run : {&base, &head}) {
    for (Record& one : run->records) {
      one.encode_seconds.resize(6);
      one.decode_seconds.resize(6);
      one.encode_cpu_seconds.resize(6);
      one.decode_cpu_seconds.resize(6);
    }
  }
  // Of 924 orders one is the most extreme: not rare enough among twenty tests.
  for (double& seconds : head.records[0].encode_cpu_seconds) seconds *= 1.5;
  const Comparison comparison = compare_runs(base, head, kInTurns);
  EXPECT_EQ(comparison.count(Verdict::regressed), 0u);
  ASSERT_EQ(comparison.count(Verdict::inconclusive), 1u);
  EXPECT_THAT(worst(comparison).why, HasSubstr("too few samples"));
}

TEST(Comparison, EveryTimeMeasuredInTurnsHasItsInterval) {
  for (const Finding& finding : compare_runs(run_of(1, 1), run_of(1, 2), kInTurns).findings) {
    EXPECT_EQ(finding.ratio_interval.has_value(), !finding.metric->deterministic)
        << finding.metric->name;
  }
}

TEST(Comparison, InstructionsOfDifferentWorkAreNotCompared) {
  evalzip::Run base = run_of(1, 1);
  base.records[0].encode_instructions = 1'000'000;
  base.records[0].counted_bytes = 1 << 20;
  evalzip::Run head = base;
  head.records[0].encode_instructions = 2'000'000;
  EXPECT_TRUE(compare_runs(base, head, {}).regressed());
  head.records[0].counted_bytes = 2 << 20;
  EXPECT_FALSE(compare_runs(base, head, {}).regressed());
}

TEST(Comparison, ACellWithoutAResultOnEitherSideIsNamed) {
  evalzip::Run base = run_of(1, 1);
  base.records[0] = sample_failure({"corpus", base.records[0].document, "zstd:3", 1'000'000},
                                   Outcome::crashed, "signal 11");
  const Comparison comparison = compare_runs(base, base, kInTurns);
  ASSERT_EQ(comparison.other.size(), 1u);
  EXPECT_THAT(comparison.other[0].detail, HasSubstr("signal 11"));
}

TEST(Comparison, CellsThatComeGoOrFailAreNamed) {
  evalzip::Run base = run_of(1, 1), head = run_of(1, 2);
  base.records.erase(base.records.begin());
  head.records.pop_back();
  head.records[3] = sample_failure({"corpus", head.records[3].document, "zstd:3", 1'000'000},
                                   Outcome::crashed, "signal 11");
  head.records[4] = sample_failure({"corpus", head.records[4].document, "zstd:3", 1'000'000},
                                   Outcome::mismatch, "byte 7 differs");
  head.records[5].sha256 = "other";
  const Comparison comparison = compare_runs(base, head, kInTurns);
  EXPECT_EQ(comparison.added.size(), 1u);
  EXPECT_EQ(comparison.removed.size(), 1u);
  EXPECT_EQ(comparison.failed.size(), 1u);
  EXPECT_EQ(comparison.broken.size(), 1u);
  EXPECT_EQ(comparison.other.size(), 1u);
}

TEST(Comparison, AnotherModelIsARegressionEvenIfItCompressesBetter) {
  evalzip::Run base = run_of(1, 1), head = run_of(1, 2);
  base.records[3].model_sha256 = "aa";
  head.records[3].model_sha256 = "bb";
  --*head.records[3].encoded_bytes;
  const Comparison comparison = compare_runs(base, head, kInTurns);
  EXPECT_TRUE(comparison.regressed());
  EXPECT_EQ(comparison.cells, 9u);
  EXPECT_EQ(comparison.count(Verdict::improved), 0u);
  for (const char* format :
       {"text", "json", "junit", "github-summary", "github-comment", "github-annotations"}) {
    EXPECT_THAT(written(comparison, format), HasSubstr("model aa became bb")) << format;
  }
}

TEST(Comparison, AnOlderRunThatDoesNotNameItsModelIsComparedAllTheSame) {
  evalzip::Run base = run_of(1, 1), head = run_of(1, 2);
  head.records[3].model_sha256 = "bb";
  for (const auto& comparison :
       {compare_runs(base, head, kInTurns), compare_runs(head, base, kInTurns)}) {
    EXPECT_FALSE(comparison.regressed());
    EXPECT_EQ(comparison.cells, 10u);
  }
}

TEST(Comparison, RunsWithoutACommonCellAreRefusedByNaming) {
  evalzip::Run other = run_of(1, 1);
  for (Record& one : other.records) one.corpus = "elsewhere";
  try {
    compare_runs(run_of(1, 1), other, {});
    FAIL() << "not refused";
  } catch (const ComparisonError& error) {
    EXPECT_THAT(error.what(), HasSubstr("corpus"));
    EXPECT_THAT(error.what(), HasSubstr("elsewhere"));
  }
  EXPECT_THROW(compare_runs(evalzip::Run{}, evalzip::Run{}, {}), ComparisonError);
}

TEST(Comparison, ASecondRoundThatDisagreesTakesARegressionBack) {
  Comparison first = compare_runs(run_of(1, 1), run_of(1.2, 2), kInTurns);
  EXPECT_EQ(cells_to_confirm(first).size(), 10u);
  Comparison confirmed = first;
  confirm(confirmed, compare_runs(run_of(1, 5), run_of(1.2, 6), kInTurns));
  EXPECT_EQ(confirmed.count(Verdict::regressed), 20u);
  confirm(first, compare_runs(run_of(1, 5), run_of(1, 6), kInTurns));
  EXPECT_EQ(first.count(Verdict::regressed), 0u);
  EXPECT_EQ(first.count(Verdict::inconclusive), 20u);
}

Run hostile_run(std::uint64_t encoded_bytes) {
  evalzip::Run run;
  run.environment = sample_environment();
  Record one = sample_record({"<b>x</b>\n::error::owned", "a|b`c`@everyone",
                              "'; DROP TABLE run; -- %0A::error::x www.evil.example", 1000,
                              encoded_bytes, 1, 1, 0, 0});
  run.records = {one};
  return run;
}

TEST(ComparisonFormat, HostileNamesDoNothing) {
  const Comparison comparison = compare_runs(hostile_run(500), hostile_run(501), {});
  const std::string junit = written(comparison, "junit");
  EXPECT_THAT(junit, Not(HasSubstr("<b>")));
  for (const char* format : {"github-summary", "github-comment"}) {
    const std::string page = written(comparison, format);
    EXPECT_THAT(page, Not(HasSubstr("<b>"))) << format;
    EXPECT_THAT(page, Not(HasSubstr("@everyone"))) << format;
    EXPECT_THAT(page, Not(HasSubstr("www.evil"))) << format;
    EXPECT_THAT(page, Not(HasSubstr("\n::error"))) << format;
  }
  const std::string commands = written(comparison, "github-annotations");
  std::istringstream lines(commands);
  std::size_t errors = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.starts_with("::error title=evalzip%3A") || line.starts_with("::warning"))
        << line;
    EXPECT_THAT(line, Not(HasSubstr("%0A"))) << line;
    errors += line.starts_with("::error") ? 1 : 0;
  }
  EXPECT_EQ(errors, 1u);
}

TEST(ComparisonFormat, ACommentIsEmptyIfNothingChanged) {
  EXPECT_EQ(written(compare_runs(run_of(1, 1), run_of(1, 2), kInTurns), "github-comment"), "");
  const std::string comment =
      written(compare_runs(run_of(1, 1), run_of(1.2, 2), kInTurns), "github-comment");
  EXPECT_TRUE(comment.starts_with("<!-- evalzip -->\n"));
}

TEST(ComparisonFormat, ManyRegressionsStayBelowTheLimitsOfGitHub) {
  evalzip::Run base, head;
  base.environment = head.environment = sample_environment();
  for (int i = 0; i < 6000; ++i) {
    base.records.push_back(
        sample_record({"corpus with a long name to fill the page", "document " + std::to_string(i),
                       "codec:with=settings", 1000, 500, 1, 1, 0, 0}));
    head.records.push_back(base.records.back());
    ++*head.records.back().encoded_bytes;
  }
  const Comparison comparison = compare_runs(base, head, {});
  EXPECT_LT(written(comparison, "github-summary").size(), 1'000'000u);
  EXPECT_LT(written(comparison, "github-comment").size(), 65'000u);
  const std::string commands = written(comparison, "github-annotations");
  EXPECT_EQ(std::ranges::count(commands, '\n'), 10);
  EXPECT_THAT(commands, HasSubstr("and 5991 more"));
  EXPECT_TRUE(commands.starts_with("::error "));
}

TEST(SpeedTest, FalseDiscoveriesAreControlledOverAllCells) {
  EXPECT_EQ(rejected(std::vector{0.001, 0.5, 0.9}, 0.01), (std::vector{true, false, false}));
  EXPECT_EQ(rejected(std::vector{0.004, 0.5, 0.9}, 0.01), (std::vector{false, false, false}));
  EXPECT_EQ(rejected(std::vector{0.006, 0.006, 0.9}, 0.01), (std::vector{true, true, false}));
  EXPECT_TRUE(rejected({}, 0.01).empty());
}

TEST(SpeedTest, TheIntervalHoldsTheRatio) {
  const Interval95 interval = ratio_interval(noisy_seconds(1, 1, 0.1), noisy_seconds(2, 2, 0.1));
  EXPECT_LT(interval.low, 2);
  EXPECT_GT(interval.high, 2);
  EXPECT_LT(interval.high - interval.low, 0.3);
}

}  // namespace
}  // namespace evalzip
