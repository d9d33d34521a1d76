// The Google Benchmark report, read by that project's own compare.py.
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/report.h"
#include "tests/outside_program.h"
#include "tests/random_run.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

constexpr const char* kCompare = "/usr/share/benchmark/compare.py";

std::string gbench(const evalzip::Run& run) {
  std::ostringstream out;
  find_report_format("gbench").write(std::span(&run, 1), {}, out);
  return out.str();
}

TEST(GoogleBenchmarkReport, HasEverySampleAsARepetition) {
  const Json json = Json::parse(gbench(sample_run()));
  std::vector<int> indices;
  for (const Json& entry : json["benchmarks"]) {
    if (entry["name"] == "canterbury/alice29.txt/zstd:1/decode") {
      indices.push_back(entry["repetition_index"]);
      EXPECT_EQ(entry["repetitions"], 9);
      EXPECT_NEAR(entry["real_time"].get<double>(), 152089 / 812.0 * 1000, 10000);
      EXPECT_NEAR(entry["ratio"].get<double>(), 152089.0 / 63461, 1e-12);
    }
  }
  EXPECT_THAT(indices, testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8));
}

TEST(GoogleBenchmarkReport, FailuresAreNamedInTheContextAndHaveNoTimes) {
  const Json json = Json::parse(gbench(sample_run()));
  ASSERT_EQ(json["context"]["failed"].size(), 14u);
  EXPECT_EQ(json["context"]["failed"][0]["name"], "canterbury/alice29.txt/hanger");
  EXPECT_EQ(json["context"]["failed"][0]["error_message"], "timed_out: killed after 60 s");
  for (const Json& entry : json["benchmarks"]) {
    EXPECT_THAT(entry["name"].get<std::string>(), Not(HasSubstr("hanger")));
  }
}

TEST(GoogleBenchmarkReport, OfAnyRunIsJson) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    EXPECT_TRUE(Json::accept(gbench(RandomRun(seed).run()))) << "seed " << seed;
  }
}

TEST(GoogleBenchmarkReport, IsComparedByItsOwnTool) {
  if (!std::filesystem::exists(kCompare) ||
      run_program("/usr/bin/python3 -c 'import scipy, numpy'").exit_code != 0) {
    GTEST_SKIP() << "libbenchmark-tools or python3-scipy is not installed";
  }
  evalzip::Run slower = sample_run();
  for (double& seconds : slower.records[1].encode_seconds) seconds *= 1.5;
  const TemporaryFile base("base.json", gbench(sample_run()));
  const TemporaryFile contender("contender.json", gbench(slower));
  const ProgramResult result =
      run_program(std::string("/usr/bin/python3 ") + kCompare + " --no-color benchmarks " +
                  base.path() + " " + contender.path());
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("canterbury/alice29.txt/zstd:1/encode_pvalue"));
  EXPECT_THAT(result.output, testing::ContainsRegex("zstd:1/encode +\\+0\\.5000"));
  EXPECT_THAT(result.output, testing::ContainsRegex("zstd:1/decode +\\+0\\.0000"));
  EXPECT_THAT(result.output, HasSubstr("U Test, Repetitions: 9 vs 9"));
}

}  // namespace
}  // namespace evalzip
