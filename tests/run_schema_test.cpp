// docs/run.schema.json against real output, judged by python3-jsonschema.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/record_json.h"
#include "tests/outside_program.h"
#include "tests/random_run.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

using Json = nlohmann::json;

constexpr const char* kPython = "/usr/bin/python3";

// Prints the place of the first error in each run of an array, or "valid".
constexpr const char* kValidate = R"(
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for run in json.load(open(sys.argv[2])):
    errors = list(validator.iter_errors(run))
    print(errors[0].json_path + ' ' + errors[0].message[:200] if errors else 'valid')
)";

class RunSchema : public testing::Test {
 protected:
  void SetUp() override {
    const ProgramResult found = run_program(std::string(kPython) + " -c 'import jsonschema'");
    if (found.exit_code != 0) GTEST_SKIP() << "python3-jsonschema is not installed";
  }

  static std::string validate(const Json& runs) {
    const TemporaryFile script("validate.py", kValidate);
    const TemporaryFile instances("runs.json", runs.dump());
    const ProgramResult result = run_program(std::string(kPython) + " " + script.path() + " " +
                                             EVALZIP_RUN_SCHEMA + " " + instances.path());
    EXPECT_EQ(result.exit_code, 0) << result.output;
    return result.output;
  }
};

TEST_F(RunSchema, AcceptsWhatWeWrite) {
  Json runs = {Json::parse(format_run(sample_run())), Json::parse(format_run({}))};
  std::string expected = "valid\nvalid\n";
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    runs.push_back(Json::parse(format_run(RandomRun(seed).run())));
    expected += "valid\n";
  }
  EXPECT_EQ(validate(runs), expected);
}

TEST_F(RunSchema, KnowsEveryFieldThatWeWrite) {
  const Json schema = Json::parse(std::ifstream(EVALZIP_RUN_SCHEMA));
  Json run = Json::parse(format_run(RandomRun(1).run()));
  Json record = Json::parse(format_record(sample_run().records.front()));
  for (const auto& [name, value] : record.items()) {
    EXPECT_TRUE(schema["$defs"]["record"]["properties"].contains(name)) << name;
  }
  for (const char* part : {"environment", "settings"}) {
    for (const auto& [name, value] : run[part].items()) {
      EXPECT_TRUE(schema["$defs"][part]["properties"].contains(name)) << part << "." << name;
    }
  }
}

TEST_F(RunSchema, RefusesWhatTheParserRefuses) {
  const Json good = Json::parse(format_run(sample_run()));
  Json bad = Json::array();
  for (const auto& [place, value] :
       std::vector<std::pair<std::string, Json>>{{"/schema", 2},
                                                 {"/records/0/outcome", "okay"},
                                                 {"/records/0/original_bytes", -1},
                                                 {"/records/0/encode_seconds/0", "1"},
                                                 {"/records/0/model_bytes", nullptr},
                                                 {"/records/0/threads", 4294967296},
                                                 {"/settings/min_time_seconds", -1},
                                                 {"/environment/warnings", "none"}}) {
    bad.push_back(good);
    bad.back()[Json::json_pointer(place)] = value;
  }
  bad.push_back(good);
  bad.back()["records"][0].erase("encoded_bytes");
  bad.push_back(good);
  bad.back()["records"][0].erase("codec");
  for (const Json& run : bad) EXPECT_THROW(parse_run(run.dump()), RecordError);
  const std::string output = validate(bad);
  EXPECT_THAT(output, Not(testing::HasSubstr("valid\n"))) << output;
}

}  // namespace
}  // namespace evalzip
