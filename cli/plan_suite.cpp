#include "cli/plan_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "cli/command_codecs.h"
#include "cli/corpora_of_run.h"
#include "cli/default_codecs.h"
#include "cli/interrupt.h"
#include "cli/model_places.h"
#include "corpora/progress.h"
#include "harness/build_info.h"
#include "harness/codec_check.h"
#include "harness/wide_plan.h"

namespace evalzip {
namespace {

// What is asked for once and used by every run of a suite.
class SuitePlanner {
 public:
  SuitePlanner(const Suite& suite, Program& program, StatusLine& line)
      : suite_(suite), program_(program), line_(line) {}

  WidePlan plan() {
    for (const SuiteRun& run : suite_.runs) add(run);
    tell_of_useless();
    WidePlan plan = builder_.take();
    plan.commit = build_info().commit;
    return plan;
  }

 private:
  void add(const SuiteRun& run) {
    const Settings chosen = settings(run.options);
    builder_.add(
        codecs_of(run.options), corpora_of(run.options), chosen,
        [&](const CodecSpec& codec, const std::string& corpus, const std::string& document) {
          return !is_excluded(run, codec.canonical(), corpus, document);
        });
  }

  bool is_excluded(const SuiteRun& run, const std::string& codec, const std::string& corpus,
                   const std::string& document) {
    bool excluded = false;
    for (std::size_t i = 0; i < suite_.excluded.size(); ++i) {
      if (!suite_.excluded[i].matches(codec, corpus, document, run.settings)) continue;
      useful_.insert(i);
      excluded = true;
    }
    return excluded;
  }

  // A pattern that meets nothing is a slip of the pen.
  void tell_of_useless() {
    for (std::size_t i = 0; i < suite_.excluded.size(); ++i) {
      if (!useful_.contains(i)) line_.print(fmt::format("note: exclude[{}] meets no cell", i));
    }
  }

  const std::vector<CodecSpec>& codecs_of(const RunOptions& options) {
    const auto [it, is_new] = codecs_.try_emplace(options.codecs);
    if (!is_new) return it->second;
    std::vector<std::string> texts = options.codecs;
    define_commands(texts, program_.installed.codecs);
    const auto say = [this](const std::string& text) { line_.print(text); };
    it->second = chosen_codecs(texts, program_.installed.codecs, say);
    CorpusProgress progress(line_);
    find_models(it->second, places_from_environment(), progress);
    if (texts.empty()) leave_out_missing(it->second, say);
    WorkerProcess process(program_.worker);
    check_codecs(it->second, process, interrupted);
    if (interrupted()) throw Cancelled();
    return it->second;
  }

  const std::vector<Corpus>& corpora_of(const RunOptions& options) {
    const auto [it, is_new] = corpora_.try_emplace(options.corpora);
    if (is_new) it->second = open_corpora(options.corpora, options.offline, line_);
    return it->second;
  }

  const Suite& suite_;
  Program& program_;
  StatusLine& line_;
  WidePlanBuilder builder_;
  std::set<std::size_t> useful_;  // places of patterns that excluded something
  std::map<std::vector<std::string>, std::vector<CodecSpec>> codecs_;
  std::map<std::vector<std::string>, std::vector<Corpus>> corpora_;
};

// The flags of the run that a cell came from, as far as patterns look at them.
std::map<std::string, std::string> typed_settings(const Suite& suite, const Settings& wanted) {
  for (const SuiteRun& run : suite.runs) {
    if (settings(run.options) == wanted) return run.settings;
  }
  return {};
}

void apply(const ResourceRule& rule, PlannedCell& cell) {
  if (rule.cores) cell.resources.cores = *rule.cores;
  if (rule.gpus) cell.resources.gpus = *rule.gpus;
  if (rule.memory_bytes) cell.resources.memory_bytes = *rule.memory_bytes;
  if (rule.exclusive) cell.resources.exclusive = *rule.exclusive;
  if (rule.seconds) cell.seconds = *rule.seconds;
}

void apply_rules(const Suite& suite, WidePlan& plan, StatusLine& line) {
  if (suite.resources.empty()) return;
  std::set<std::size_t> useful;
  std::vector<std::map<std::string, std::string>> typed;
  for (const Settings& settings : plan.settings) typed.push_back(typed_settings(suite, settings));
  for (PlannedCell& cell : plan.cells) {
    const PlannedDocument& document = plan.documents[cell.cell.document];
    const std::string codec = plan.codecs[cell.cell.codec].canonical();
    for (std::size_t i = 0; i < suite.resources.size(); ++i) {
      const ResourceRule& rule = suite.resources[i];
      if (!rule.pattern.matches(codec, document.corpus, document.document.name,
                                typed[cell.settings])) {
        continue;
      }
      useful.insert(i);
      apply(rule, cell);
    }
  }
  for (std::size_t i = 0; i < suite.resources.size(); ++i) {
    if (!useful.contains(i)) line.print(fmt::format("note: resources[{}] meets no cell", i));
  }
}

void refuse_flags(const RunOptions& options) {
  if (options.budget) {
    throw std::invalid_argument(
        "--budget divides the time of one machine: leave it out, and take a part with --sample, or "
        "fewer --samples");
  }
  if (!options.count_with.empty()) {
    throw std::invalid_argument(
        "--instructions are counted by `evalzip run` on one machine: leave it out");
  }
}

}  // namespace

Suite suite_of(const RunOptions& options) {
  return {.runs = {{.options = options, .settings = {}}}, .excluded = {}, .resources = {}};
}

WidePlan plan_suite(Suite suite, const std::vector<Run>& earlier, Program& program,
                    StatusLine& line) {
  for (const SuiteRun& run : suite.runs) refuse_flags(run.options);
  WidePlan plan = SuitePlanner(suite, program, line).plan();
  plan.arguments = program.arguments;
  estimate_cells(plan, earlier);
  apply_rules(suite, plan, line);
  if (plan.cells.empty() && plan.missing.empty()) {
    throw std::invalid_argument(
        "the plan has no cells: everything was excluded, or the corpora are "
        "empty");
  }
  return plan;
}

}  // namespace evalzip
