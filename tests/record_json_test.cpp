#include "harness/record_json.h"

#include <functional>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/run_quick.h"
#include "harness/utf8.h"
#include "tests/random_run.h"

namespace evalzip {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Record ok_record() {
  Record record;
  record.key = "00ff";
  record.codec = "zstd:19,long=27";
  record.version = "1.5.4";
  record.corpus = "silesia";
  record.document = "dickens";
  record.sha256 = "b24c";
  record.outcome = Outcome::ok;
  record.original_bytes = 10192446;
  record.encoded_bytes = 2858971;
  record.encode_seconds = {0.1, 1e-9, 0.30000000000000004};
  record.decode_seconds = {0.5};
  record.encode_rounds = {0, 1, 1};
  return record;
}

Run small_run() {
  Run run;
  run.records = {ok_record(), ok_record()};
  return run;
}

std::string message(const std::function<void()>& action) {
  try {
    action();
  } catch (const RecordError& error) {
    return error.what();
  }
  return "(no error)";
}

// What parsing says of small_run() with one thing changed.
std::string message_of(const std::function<void(Json&)>& change) {
  Json json = Json::parse(format_run(small_run()));
  change(json);
  return message([&] { parse_run(json.dump()); });
}

TEST(RecordJson, UsesTheDocumentedNames) {
  const Json json = Json::parse(format_record(ok_record()));
  EXPECT_EQ(json["codec"], "zstd:19,long=27");
  EXPECT_EQ(json["outcome"], "ok");
  EXPECT_EQ(json["original_bytes"], 10192446);
  EXPECT_EQ(json["encode_seconds"], Json({0.1, 1e-9, 0.30000000000000004}));
  for (const char* name : {"version", "corpus", "document", "sha256", "detail", "encoded_bytes",
                           "decode_seconds", "encode_cpu_seconds", "decode_cpu_seconds"}) {
    EXPECT_TRUE(json.contains(name)) << name;
  }
}

TEST(RecordJson, AbsentIsAnAbsentKeyAndNeverNull) {
  const std::string text = format_run(small_run());
  EXPECT_THAT(text, Not(HasSubstr("null")));
  EXPECT_THAT(text, Not(HasSubstr("model_bytes")));
  EXPECT_THAT(text, Not(HasSubstr("budget_seconds")));
  EXPECT_EQ(message_of([](Json& json) { json["records"][1]["model_bytes"] = nullptr; }),
            "records[1].model_bytes is null, must be a whole number from 0 to 2^64 - 1");
}

TEST(RecordJson, SameRunGivesSameBytesAndEndsWithANewline) {
  const std::string text = format_run(small_run());
  EXPECT_EQ(text, format_run(small_run()));
  EXPECT_EQ(text.back(), '\n');
  EXPECT_THAT(text, HasSubstr("\n      \"encode_rounds\": [0,1,1],\n"));
}

TEST(RecordJson, AnyRunSurvives) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const evalzip::Run run = RandomRun(seed).run();
    const std::string text = format_run(run);
    ASSERT_EQ(parse_run(text), run) << "seed " << seed;
    ASSERT_EQ(format_run(parse_run(text)), text) << "seed " << seed;
  }
}

TEST(RecordJson, AnyRecordIsOneLineAndSurvives) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Record record = RandomRun(seed).record();
    const std::string text = format_record(record);
    ASSERT_EQ(text.find('\n'), text.npos) << "seed " << seed;
    ASSERT_EQ(parse_record(text), record) << "seed " << seed;
  }
}

TEST(RecordJson, EveryOutcomeSurvivesByItsName) {
  for (int i = 0; i < 9; ++i) {
    Record record = ok_record();
    record.outcome = static_cast<Outcome>(i);
    record.detail = i == 0 ? "" : "signal 11 (SIGSEGV)";
    if (i != 0) record.encoded_bytes.reset();
    EXPECT_EQ(Json::parse(format_record(record))["outcome"], to_string(record.outcome));
    EXPECT_EQ(parse_record(format_record(record)), record);
  }
}

TEST(RecordJson, CutShortAtAnyLengthIsARecordError) {
  const std::string run = format_run(RandomRun(11).run());
  for (std::size_t size = 0; size + 1 < run.size(); ++size) {  // the last byte is the newline
    ASSERT_THROW(parse_run(run.substr(0, size)), RecordError) << size << " bytes";
  }
  const std::string record = format_record(ok_record());
  for (std::size_t size = 0; size < record.size(); ++size) {
    ASSERT_THROW(parse_record(record.substr(0, size)), RecordError) << size << " bytes";
  }
}

TEST(RecordJson, ChangedBytesAreARunOrARecordErrorAndNothingElse) {
  const std::string good = format_run(small_run());
  RandomRun random(3);
  for (int trial = 0; trial < 3000; ++trial) {
    std::string bad = good;
    for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
      bad[random.below(bad.size())] = static_cast<char>(random.below(256));
    }
    try {
      parse_run(bad);
    } catch (const RecordError& error) {
      EXPECT_STRNE(error.what(), "");
    }
  }
}

TEST(RecordJson, SyntaxErrorsGiveLineAndColumn) {
  EXPECT_THAT(message([] { parse_run(""); }), HasSubstr("line 1 column 1"));
  EXPECT_THAT(message([] { parse_run("{\n  \"schema\": ?}"); }), HasSubstr("line 2 column 13: "));
  EXPECT_THAT(message([] { parse_run("{\"schema\": 1e999}"); }), HasSubstr("line 1 column "));
  EXPECT_THAT(message([] { parse_run("{\"schema\": NaN}"); }), HasSubstr("line 1 column "));
  EXPECT_THAT(message([] { parse_run("{} {}"); }), HasSubstr("line 1 column 4"));
  EXPECT_THAT(message([] { parse_run("\"\xff\""); }), HasSubstr("line 1 column 2"));
}

TEST(RecordJson, MessagesSayWhereWhatAndWhatIsKnown) {
  EXPECT_EQ(message_of([](Json& json) { json["records"][1]["outcome"] = "okay"; }),
            "records[1].outcome is \"okay\", must be one of: ok, mismatch, fault, threw, crashed, "
            "timed_out, out_of_memory, missing, skipped");
  EXPECT_EQ(message_of([](Json& json) { json["records"][0].erase("codec"); }),
            "records[0].codec is not there");
  EXPECT_EQ(message_of([](Json& json) { json["records"][0]["encode_seconds"][2] = "x"; }),
            "records[0].encode_seconds[2] is \"x\", must be a number");
  EXPECT_EQ(message_of([](Json& json) { json["environment"]["cpu"] = 7; }),
            "environment.cpu is 7, must be a string");
  EXPECT_EQ(message_of([](Json& json) { json["records"] = Json::object(); }),
            "records is {}, must be an array");
  EXPECT_EQ(message([] { parse_run("[]"); }), "the JSON is [], must be an object");
}

TEST(RecordJson, NumbersOutOfRangeAreRefused) {
  for (const Json& bad : {Json(-1), Json(1.5), Json(1e30), Json(true), Json("1")}) {
    EXPECT_THAT(message_of([&](Json& json) { json["records"][1]["original_bytes"] = bad; }),
                HasSubstr("records[1].original_bytes is "));
  }
  EXPECT_THAT(message_of([](Json& json) { json["records"][0]["threads"] = 4294967296; }),
              HasSubstr("records[0].threads is 4294967296, must be a whole number from 0 to"));
  EXPECT_THAT(message_of([](Json& json) { json["records"][0]["decode_seconds"] = {-0.5}; }),
              HasSubstr("records[0].decode_seconds[0] is -0.5"));
  EXPECT_THAT(message_of([](Json& json) { json["settings"]["min_time_seconds"] = -1; }),
              HasSubstr("settings.min_time_seconds"));
  EXPECT_THAT(message_of([](Json& json) { json["wall_seconds"] = -1; }),
              HasSubstr("wall_seconds is -1"));
}

TEST(RecordJson, ANewerSchemaIsRefusedWithAdvice) {
  EXPECT_EQ(message_of([](Json& json) {
              json = {{"schema", kRunSchema + 1}};
            }),
            "the run has schema 2, this evalzip reads up to 1: use the evalzip that wrote it or a "
            "newer one");
  for (const Json& bad : {Json(0), Json(-1), Json("1"), Json(1.0)}) {
    EXPECT_THAT(message_of([&](Json& json) { json["schema"] = bad; }), HasSubstr("schema is "));
  }
}

TEST(RecordJson, UnknownFieldsAreIgnored) {
  EXPECT_EQ(message_of([](Json& json) {
              json["colour"] = {{"red", 1}};
              json["records"][0]["note"] = nullptr;
            }),
            "(no error)");
}

TEST(RecordJson, AKeyTwiceAndDeepNestingAreRefused) {
  EXPECT_EQ(message([] { parse_run(R"({"schema":1,"schema":1})"); }),
            "the JSON has the key 'schema' twice");
  EXPECT_EQ(message([] { parse_run(R"({"records":[{},{"codec":"a","codec":"b"}]})"); }),
            "records[1] has the key 'codec' twice");
  EXPECT_THAT(message([] { parse_run(std::string(1000000, '[')); }), HasSubstr("nested deeper"));
}

TEST(RecordJson, TheQuickReaderReadsWhatIsWritten) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const evalzip::Run run = RandomRun(seed).run();
    const std::optional<evalzip::Run> quick = read_run_quickly(format_run(run));
    ASSERT_TRUE(quick) << "seed " << seed;
    EXPECT_EQ(*quick, run) << "seed " << seed;
  }
}

TEST(RecordJson, TheQuickReaderLeavesAllElseToTheSlowOne) {
  const std::string text = format_run(small_run());
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string other = text;
    const std::size_t at = other.find(from);
    EXPECT_NE(at, other.npos) << from;
    if (at != other.npos) other.replace(at, from.size(), to);
    return other;
  };
  for (const std::string& other :
       {std::string(), text + "x", text.substr(0, text.size() / 2),
        changed("\"schema\": ", "\"schema\": -"), changed("\"complete\": false", "\"complete\": 1"),
        changed("\"complete\": false", "\"new\": [], \"complete\": true"),
        changed("\"complete\": false", "\"complete\": true, \"complete\": true"),
        changed("\"wall_seconds\"", "\"complete\": true, \"wall_seconds\""),
        changed("\"outcome\": \"ok\"", "\"outcome\": \"okay\""),
        changed("\"threads\": 1", "\"threads\": 4294967296")}) {
    EXPECT_FALSE(read_run_quickly(other)) << other.substr(0, 200);
  }
}

TEST(RecordJson, MessagesQuoteHostileInputBrieflyAndInAscii) {
  const std::string what = message_of([](Json& json) {
    json["records"][0]["threads"] = "\x1b[31m\xe2\x80\xae" + std::string(100000, 'x');
  });
  EXPECT_LT(what.size(), 200u);
  EXPECT_THAT(what, HasSubstr("\\u001b[31m\\u202e"));
  EXPECT_LT(message([] { parse_run("\"" + std::string(100000, 'x')); }).size(), 400u);
}

TEST(RecordJson, SamplesMustBeParallelAndOkMustHaveASize) {
  EXPECT_THAT(message_of([](Json& json) { json["records"][0]["encode_rounds"] = {1}; }),
              HasSubstr("records[0].encode_rounds has 1 values beside 3 samples"));
  EXPECT_THAT(message_of([](Json& json) { json["records"][1].erase("encoded_bytes"); }),
              HasSubstr("records[1].encoded_bytes is not there"));
}

TEST(RecordJson, WhatCannotBeReadBackIsNeverWritten) {
  for (const double bad : {kNan, kInfinity, -kInfinity, -1.0}) {
    evalzip::Run run = small_run();
    run.records[1].ideal_bits = bad;
    EXPECT_THAT(message([&] { format_run(run); }), HasSubstr("records[1].ideal_bits is "));
    Record record = ok_record();
    record.encode_seconds[2] = bad;
    EXPECT_THAT(message([&] { format_record(record); }), HasSubstr("encode_seconds[2] is "));
    run = small_run();
    run.settings.budget_seconds = bad;
    EXPECT_THAT(message([&] { format_run(run); }), HasSubstr("settings.budget_seconds is "));
  }
  Record record = ok_record();
  record.encode_rounds = {1};
  EXPECT_THROW(format_record(record), RecordError);
}

TEST(RecordJson, NamesThatAreNotUtf8AreWrittenAsUtf8) {
  Record record = ok_record();
  record.document = "caf\xe9";
  const Json json = Json::parse(format_record(record));  // throws if it is not UTF-8
  EXPECT_EQ(json["document"],
            "caf\xef\xbf\xbd"
            "E9");
  EXPECT_EQ(parse_record(json.dump()).document, "caf\xe9");
}

TEST(Utf8, KnowsWellFormedSequencesOnly) {
  EXPECT_EQ(first_code_point("\xf0\x9f\x98\x80x")->value, 0x1F600u);
  EXPECT_EQ(first_code_point("\xf0\x9f\x98\x80x")->bytes, 4u);
  EXPECT_EQ(first_code_point("\xe2\x82\xac")->value, 0x20ACu);
  EXPECT_EQ(first_code_point(std::string_view("\0", 1))->bytes, 1u);
  for (const char* bad : {"", "\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xc3(", "\xff"}) {
    EXPECT_FALSE(first_code_point(bad)) << Json(text_from_bytes(bad));
  }
}

TEST(Utf8, AnyBytesSurviveAsText) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    RandomRun random(seed);
    const std::string bytes = random.text() + random.text();
    const std::string text = text_from_bytes(bytes);
    ASSERT_EQ(bytes_from_text(text), bytes) << "seed " << seed;
    ASSERT_NO_THROW(Json(text).dump()) << "seed " << seed;  // throws if it is not UTF-8
  }
}

}  // namespace
}  // namespace evalzip
