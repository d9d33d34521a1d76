// The harness with codecs that misbehave: every kind of misbehaviour is an outcome of its own, and
// the rest of the run is unharmed.
#include "harness/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "codecs/llm/llm_stream.h"
#include "codecs/llm/model_summary.h"
#include "codecs/plugin.h"
#include "harness/build_info.h"
#include "tests/real_models.h"
#include "tests/temporary_folder.h"
#include "tests/tiny_model.h"

namespace evalzip {
namespace {

using testing::HasSubstr;

class RunTest : public testing::Test {
 protected:
  RunTest() {
    setenv("EVALZIP_PLUGIN_PATH", FAULT_CODECS, 1);
    load_plugin(codecs_, FAULT_CODECS);
    settings_.seed = 1;
    settings_.samples = 2;
    settings_.exact_samples = true;
    settings_.rounds = 2;
    settings_.min_time_seconds = 0.001;
    settings_.timeout_seconds = 60;
  }

  Corpus corpus_of(const std::string& bytes) {
    const auto path = folder_.path() / "document";
    std::ofstream(path, std::ios::binary) << bytes;
    return {.name = "test",
            .documents = {{.name = "document",
                           .path = path,
                           .size = bytes.size(),
                           .sha256 = std::string(64, '0')}}};
  }

  // A run of the language-model codec alone, with that model.
  Record llm_record(const LocatedModel& model) {
    std::vector<CodecSpec> specs = parse_codec_list(codecs_, "llm:model=tiny");
    specs.front().model = model;
    std::string text;
    while (text.size() < 3000) text += "the hen and the cat sat in the sand ";
    const Plan plan = make_plan(std::move(specs), {corpus_of(text)}, settings_);
    Journal journal(folder_.path() / "journal", {}, false);
    RunObserver observer;
    return execute(plan, {.process = WorkerProcess(EVALZIP_WORKER),
                          .interrupted = [] { return false; },
                          .journal = journal,
                          .observer = observer})
        .records.front();
  }

  evalzip::Run run(
      const std::string& specs, const std::string& bytes = std::string(5000, 'x'),
      std::function<bool()> interrupted = [] { return false; }, bool resume = false) {
    const Plan plan = make_plan(parse_codec_list(codecs_, specs), {corpus_of(bytes)}, settings_);
    Journal journal(folder_.path() / "journal", {}, resume);
    RunObserver observer;
    return execute(plan, {.process = WorkerProcess(EVALZIP_WORKER),
                          .interrupted = std::move(interrupted),
                          .journal = journal,
                          .observer = observer});
  }

  // The record of the codec; beside it an honest one must always come through.
  Record outcome_of(const std::string& codec) {
    const evalzip::Run result = run(codec + ",honest");
    EXPECT_EQ(result.records[1].outcome, Outcome::ok) << result.records[1].detail;
    EXPECT_EQ(result.records[1].encode_seconds.size(), 2u);
    return result.records[0];
  }

  void expect(const std::string& codec, Outcome outcome, const std::string& detail) {
    const Record record = outcome_of(codec);
    EXPECT_EQ(to_string(record.outcome), to_string(outcome)) << record.detail;
    EXPECT_THAT(record.detail, HasSubstr(detail));
    EXPECT_FALSE(record.encoded_bytes.has_value());
    EXPECT_TRUE(record.encode_seconds.empty());
    EXPECT_FALSE(record.encode_peak_bytes.has_value());
  }

  Registry codecs_;
  Settings settings_;
  TemporaryFolder folder_;
};

TEST_F(RunTest, AnHonestCodecHasSizeTimesAndMemory) {
  const evalzip::Run result = run("honest");
  ASSERT_EQ(result.records.size(), 1u);
  const Record& record = result.records[0];
  EXPECT_EQ(record.outcome, Outcome::ok) << record.detail;
  EXPECT_EQ(record.encoded_bytes, 5000u);
  EXPECT_EQ(record.encode_seconds.size(), 2u);
  EXPECT_EQ(record.decode_cpu_seconds.size(), 2u);
  EXPECT_THAT(record.encode_rounds, testing::ElementsAre(0u, 1u));
  EXPECT_TRUE(record.encode_peak_bytes.has_value());
  EXPECT_TRUE(result.complete);
  EXPECT_GT(result.codec_seconds, 0);
  EXPECT_LT(result.codec_seconds, result.wall_seconds);
}

TEST_F(RunTest, ALanguageModelHasItsCodeLengthAndItsBytesBesideSizeAndTimes) {
  const TinyModelFile model;
  codecs_ = builtin_codecs();
  const Record record = llm_record({.file = model.path().string(),
                                    .sha256 = "0",
                                    .missing = {},
                                    .contamination = "Has read it all."});
  ASSERT_EQ(record.outcome, Outcome::ok) << record.detail;
  EXPECT_EQ(record.codec, "llm:model=tiny");
  EXPECT_EQ(record.model_bytes, std::filesystem::file_size(model.path()));
  ASSERT_TRUE(record.encoded_bytes && record.ideal_bits);
  EXPECT_LT(*record.encoded_bytes, 3000u);
  EXPECT_NEAR(8.0 * static_cast<double>(*record.encoded_bytes), *record.ideal_bits, 8.0 * 20);
  EXPECT_EQ(record.decode_seconds.size(), 2u);
  EXPECT_TRUE(record.encode_peak_bytes && record.decode_peak_bytes);
  ASSERT_TRUE(record.model_parameters && record.multiply_adds && record.cross_entropy_bits);
  EXPECT_EQ(record.model_parameters, summarise(open_model_file(model.path())).parameters);
  EXPECT_GT(*record.multiply_adds, *record.model_parameters);
  EXPECT_NEAR(*record.cross_entropy_bits, *record.ideal_bits, 1e-3 * *record.ideal_bits);
  EXPECT_EQ(record.contamination, "Has read it all.");
}

TEST_F(RunTest, ALanguageModelTakesTheMemoryThatItSaidBeforehand) {
  if (llama2c_folder().empty()) GTEST_SKIP() << "EVALZIP_TEST_DATA has no models of llama2.c";
  if (build_info().sanitizers) GTEST_SKIP() << "the address sanitizer keeps memory of its own";
  const Llama2cModel model("stories15M.bin.xz", "tokenizer.bin");
  codecs_ = builtin_codecs();
  const Record record = llm_record({.file = model.path().string(), .sha256 = "0", .missing = {}});
  ASSERT_TRUE(record.encode_peak_bytes && record.decode_peak_bytes) << record.detail;
  const auto said = static_cast<double>(
      LlmStream::memory_bytes(open_model_file(model.path()), {}, record.original_bytes));
  for (const std::uint64_t peak : {*record.encode_peak_bytes, *record.decode_peak_bytes}) {
    EXPECT_LE(static_cast<double>(peak), 1.05 * said);
    EXPECT_GE(static_cast<double>(peak), 0.9 * said) << "few words touch few embeddings";
  }
}

TEST_F(RunTest, AMissingModelIsMissingWithTheReason) {
  codecs_ = builtin_codecs();
  const Record record = llm_record({.file = {}, .sha256 = {}, .missing = "fetch it first"});
  EXPECT_EQ(record.outcome, Outcome::missing);
  EXPECT_EQ(record.detail, "fetch it first");
  EXPECT_FALSE(record.sha256.empty());  // of the document, which is there
  EXPECT_EQ(record.original_bytes, 3024u);
}

TEST_F(RunTest, ACodecThatSaysItNeedsMoreThanTheLimitIsNotStarted) {
  const TinyModelFile model;
  codecs_ = builtin_codecs();
  settings_.memory_limit_bytes = 1000;
  const Record record = llm_record({.file = model.path().string(), .sha256 = "0", .missing = {}});
  EXPECT_EQ(record.outcome, Outcome::out_of_memory);
  EXPECT_THAT(record.detail, HasSubstr("more than the limit of 1000"));
}

TEST_F(RunTest, AnotherModelOfTheSameNameIsAnotherCell) {
  codecs_ = builtin_codecs();
  std::vector<std::string> keys;
  for (const char* sha256 : {"0", "1"}) {
    std::vector<CodecSpec> specs = parse_codec_list(codecs_, "llm:model=tiny");
    specs.front().model = {.file = "model", .sha256 = sha256, .missing = {}};
    keys.push_back(make_plan(std::move(specs), {corpus_of("text")}, settings_).cells[0].key);
  }
  EXPECT_NE(keys[0], keys[1]);
}

TEST_F(RunTest, WrongBytesOfTheRightLengthAreAMismatch) {
  expect("liar", Outcome::mismatch, "differ from byte 0");
}

TEST_F(RunTest, ADecoderThatLeavesItsOutputAloneIsAMismatch) {
  expect("idler", Outcome::mismatch, "differ from byte 0");
}

TEST_F(RunTest, ACodecThatRemembersItsInputFailsInTheDecodersOwnProcess) {
  expect("rememberer", Outcome::fault, "decode: corrupt input");
}

TEST_F(RunTest, AnExceptionIsNamed) {
  expect("thrower", Outcome::threw, "encode: thrown on purpose");
  expect("decode-thrower", Outcome::threw, "decode: thrown on purpose while decoding");
}

TEST_F(RunTest, ACrashIsNamedWithItsPlace) {
  expect("crasher", Outcome::crashed, "encode: SIGABRT while encoding");
  expect("decode-crasher", Outcome::crashed, "decode: SIGABRT while decoding");
  expect("create-crasher", Outcome::crashed, "SIGABRT while creating the codec");
}

TEST_F(RunTest, ACodecThatEndsTheProcessIsCrashed) {
  expect("exiter", Outcome::crashed, "exited with code 0 and no answer");
}

TEST_F(RunTest, ACodecThatForksAndLetsBothProcessesReturnIsCrashed) {
  expect("forker", Outcome::crashed, "two processes answered");
}

TEST_F(RunTest, AProcessThatACodecLeavesBehindIsNotWaitedFor) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(outcome_of("child-leaver").outcome, Outcome::ok);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST_F(RunTest, ValuesThatDoNotGoTogetherAreAFaultWithTheReason) {
  expect("create-refuser", Outcome::fault, "do not go together");
}

TEST_F(RunTest, AHangIsKilledAtTheTimeOut) {
  settings_.timeout_seconds = 1;
  expect("hanger", Outcome::timed_out, "killed after 1 s");
}

TEST_F(RunTest, AHogIsStoppedAtTheMemoryLimit) {
  if (build_info().sanitizers) {
    GTEST_SKIP() << "the address sanitizer reserves its memory before the limit is set";
  }
  settings_.memory_limit_bytes = 256 << 20;
  expect("hog", Outcome::out_of_memory, "an allocation failed");
  expect("memoryless", Outcome::out_of_memory, "an allocation failed");
}

TEST_F(RunTest, WritingBehindTheOutputIsSeenWhetherNearOrFar) {
  expect("overrunner", Outcome::crashed, "behind its output buffer");
  expect("decode-overrunner", Outcome::crashed, "behind its output buffer");
  expect("far-overrunner", Outcome::crashed, "memory behind its output buffer");
}

TEST_F(RunTest, WritingToTheInputIsSeen) {
  expect("input-changer", Outcome::crashed, "its input, which is read-only");
}

TEST_F(RunTest, AnEncoderThatContradictsItselfIsAMismatch) {
  expect("call-counter", Outcome::mismatch, "not deterministic");
  expect("clock-reader", Outcome::mismatch, "not deterministic: one process");
}

TEST_F(RunTest, ARefusalIsAFault) { expect("refuser", Outcome::fault, "unsupported input"); }

TEST_F(RunTest, AnEmptyDocumentIsMeasuredLikeAnyOther) {
  const evalzip::Run result = run("honest", "");
  EXPECT_EQ(result.records[0].outcome, Outcome::ok) << result.records[0].detail;
  EXPECT_EQ(result.records[0].encoded_bytes, 0u);
}

TEST_F(RunTest, BlocksAndThreadsGiveTheSameBytesAsOneBlockOfACopier) {
  settings_.block_bytes = 777;
  settings_.threads = 3;
  const evalzip::Run result = run("honest");
  EXPECT_EQ(result.records[0].outcome, Outcome::ok) << result.records[0].detail;
  EXPECT_EQ(result.records[0].encoded_bytes, 5000u);
  EXPECT_EQ(result.records[0].block_bytes, 777u);
}

TEST_F(RunTest, ASampleIsAnEstimateAndSaysSo) {
  settings_.sample_bytes = 1000;
  const evalzip::Run result = run("honest");
  EXPECT_EQ(result.records[0].original_bytes, 1000u);
  EXPECT_EQ(result.records[0].sampled_from_bytes, 5000u);
}

TEST_F(RunTest, AnInterruptedRunKeepsWhatIsDoneAndResumesToTheSameCells) {
  int polls = 0;
  const evalzip::Run first = run("honest,liar", "abc", [&] { return ++polls > 3; });
  EXPECT_FALSE(first.complete);
  const evalzip::Run second = run(
      "honest,liar", "abc", [] { return false; }, true);
  EXPECT_TRUE(second.complete);
  EXPECT_EQ(second.records[0].outcome, Outcome::ok) << second.records[0].detail;
  EXPECT_EQ(second.records[0].encode_rounds, (std::vector<unsigned>{0, 1}));
  EXPECT_EQ(second.records[1].outcome, Outcome::mismatch);
  EXPECT_LE(second.order.size(), 3u);
}

TEST_F(RunTest, DocumentsWithTheSameBytesAreCellsOfTheirOwn) {
  Corpus corpus = corpus_of(std::string(5000, 'x'));
  corpus.documents.push_back(corpus.documents.front());
  corpus.documents.back().name = "twin";
  const Plan plan = make_plan(parse_codec_list(codecs_, "honest"), {corpus}, settings_);
  Journal journal(folder_.path() / "journal", {}, false);
  RunObserver observer;
  const evalzip::Run result = execute(plan, {.process = WorkerProcess(EVALZIP_WORKER),
                                             .interrupted = [] { return false; },
                                             .journal = journal,
                                             .observer = observer});
  ASSERT_EQ(result.records.size(), 2u);
  EXPECT_EQ(result.records[0].document, "document");
  EXPECT_EQ(result.records[1].document, "twin");
  for (const Record& record : result.records) EXPECT_EQ(record.encode_seconds.size(), 2u);
}

TEST_F(RunTest, AResumedRunDoesNotMeasureAgain) {
  run("honest");
  const evalzip::Run again = run(
      "honest", std::string(5000, 'x'), [] { return false; }, true);
  EXPECT_TRUE(again.order.empty());
  EXPECT_EQ(again.records[0].encode_seconds.size(), 2u);
}

TEST_F(RunTest, ACellThatDoesNotFitIntoTheBudgetIsLeftOutByName) {
  settings_.budget_seconds = 0;
  const evalzip::Run result = run("honest");
  EXPECT_EQ(result.records[0].outcome, Outcome::skipped);
  EXPECT_THAT(result.records[0].detail, HasSubstr("left out"));
}

TEST_F(RunTest, TheOrderIsShuffledByTheSeed) {
  settings_.rounds = 1;
  settings_.samples = 1;
  const std::string codecs = "honest,refuser,liar,thrower,crasher,idler,exiter";
  const auto first = run(codecs).order;
  EXPECT_EQ(run(codecs).order, first);
  settings_.seed = 2;
  EXPECT_NE(run(codecs).order, first);
}

}  // namespace
}  // namespace evalzip
