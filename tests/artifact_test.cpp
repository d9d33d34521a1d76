#include "reports/artifact.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/shell_words.h"
#include "reports/artifact_texts.h"
#include "reports/columns.h"
#include "tests/outside_program.h"
#include "tests/random_run.h"
#include "tests/sample_run.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

FoundFiles bundle_of(const std::vector<evalzip::Run>& runs, const ReportOptions& options = {}) {
  FoundFiles files;
  for (const ArtifactFile& file : artifact_files(runs, options)) files[file.path] = file.text;
  return files;
}

ReportOptions many_options() {
  ReportOptions options;
  options.columns = {"ratio", "encode"};
  options.sort = "ratio";
  options.filters = {"corpus=canterbury", std::string("document!=\xff*")};
  options.baseline = "zstd:1";
  options.colour = true;  // of a terminal; not of a bundle
  options.width = 40;
  return options;
}

TEST(Artifact, ABundleIsWhatItsRunsGive) {
  for (const ReportOptions& options : {ReportOptions(), many_options()}) {
    const ArtifactCheck check = check_artifact(bundle_of({sample_run()}, options));
    EXPECT_THAT(check.problems, IsEmpty());
    EXPECT_THAT(check.notes, IsEmpty());
    EXPECT_GT(check.rendered, 15);
  }
}

TEST(Artifact, ABundleOfTwoMachinesIsWhatItsRunsGive) {
  evalzip::Run other = sample_run();
  other.environment.host = "elsewhere";
  const FoundFiles files = bundle_of({sample_run(), other});
  EXPECT_TRUE(files.contains("runs/2.json"));
  EXPECT_THAT(check_artifact(files).problems, IsEmpty());
}

TEST(Artifact, EveryChangedByteOfAnyFileIsFound) {
  const FoundFiles files = bundle_of({sample_run()});
  for (const auto& [path, text] : files) {
    if (path == "manifest.json" || path == "run.json") continue;
    FoundFiles changed = files;
    changed[path] += "x";
    EXPECT_THAT(check_artifact(changed).problems, ElementsAre(HasSubstr(path))) << path;
  }
}

TEST(Artifact, ASampleThatWasChangedShowsInWhatIsRenderedFromIt) {
  FoundFiles files = bundle_of({sample_run()});
  std::string& run = files["run.json"];
  const std::size_t at = run.find("63461");
  ASSERT_NE(at, run.npos);
  run.replace(at, 5, "63460");
  EXPECT_THAT(check_artifact(files).problems, Not(IsEmpty()));
}

TEST(Artifact, AMissingFileIsAProblemAndAForeignOneIsToldOf) {
  FoundFiles files = bundle_of({sample_run()});
  files.erase("tables/table.md");
  files["notes.txt"] = "mine";
  const ArtifactCheck check = check_artifact(files);
  EXPECT_THAT(check.problems, ElementsAre("tables/table.md is missing"));
  EXPECT_THAT(check.notes, ElementsAre(HasSubstr("notes.txt")));
}

TEST(Artifact, WithoutAManifestThereIsNoBundle) {
  FoundFiles files = bundle_of({sample_run()});
  for (const std::string text : {"", "{}", "[1,", "{\"evalzip_artifact\": 2}"}) {
    files["manifest.json"] = text;
    EXPECT_THROW(check_artifact(files), ReportError) << text;
  }
  files.erase("manifest.json");
  EXPECT_THROW(check_artifact(files), ReportError);
}

TEST(Artifact, TheArchiveIsTheSameEachTime) {
  const std::vector<evalzip::Run> runs = {sample_run()};
  std::ostringstream once, again;
  write_artifact(runs, {}, once);
  write_artifact(runs, {}, again);
  EXPECT_EQ(once.str(), again.str());
  EXPECT_THAT(once.str(), HasSubstr("evalzip-artifact/run.json"));
}

TEST(Artifact, EqualSizesAreReproducedWhateverTheSpeed) {
  const evalzip::Run published = sample_run();
  evalzip::Run repeated = published;
  for (Record& record : repeated.records) {
    for (double& seconds : record.encode_seconds) seconds *= 2;
  }
  const ArtifactCheck check = check_reproduction({published}, repeated);
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_EQ(check.rendered, 12);
  EXPECT_THAT(check.notes, ElementsAre(HasSubstr("encode speed here is 0.50 times"),
                                       HasSubstr("decode speed here is 1.00 times")));
}

TEST(Artifact, AnotherSizeDocumentOrOutcomeIsNotReproduced) {
  const evalzip::Run published = sample_run();
  evalzip::Run repeated = published;
  repeated.records[0].encoded_bytes = 7;
  repeated.records[1].sha256 = "other";
  repeated.records[2].outcome = Outcome::crashed;
  EXPECT_THAT(check_reproduction({published}, repeated).problems,
              ElementsAre(HasSubstr("7 bytes, published"), HasSubstr("another document"),
                          HasSubstr("crashed")));
  EXPECT_THAT(check_reproduction({published}, evalzip::Run{}).problems,
              ElementsAre(HasSubstr("no cell in common")));
}

TEST(Artifact, AShellReadsEveryWordAsItWas) {
  constexpr std::uint64_t kSeed = 20250131;
  RandomRun random(kSeed);
  for (int trial = 0; trial < 100; ++trial) {
    std::string text = random.text();
    std::erase(text, '\0');  // no argument holds it
    EXPECT_EQ(run_program("printf '%s.' " + shell_word(text)).output, text + ".")
        << "seed " << kSeed;
  }
}

TEST(Artifact, WhereARunWentIsNotRepeated) {
  evalzip::Run run = sample_run();
  run.environment.arguments = {"run",      "--out", "a b",     "--watch", "--watch=x.html",
                               "--corpus", "it's",  "--out=y", "--resume"};
  EXPECT_THAT(reproduce_script(std::span(&run, 1)),
              HasSubstr("\"$evalzip\" run --corpus 'it'\\''s' --out \"$work/1.json\""));
}

TEST(Artifact, TheClusterOfARunIsNotAskedOfWhoeverRepeatsIt) {
  evalzip::Run run = sample_run();
  run.environment.arguments = {"run",      "--executor=slurm", "--partition", "long",
                               "--sbatch", "--qos=x",          "--detach",    "--stage",
                               "none",     "--corpus",         "demo"};
  EXPECT_THAT(reproduce_script(std::span(&run, 1)),
              HasSubstr("\"$evalzip\" run --corpus demo --out \"$work/1.json\""));
}

}  // namespace
}  // namespace evalzip
