#include "harness/cell_job.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>
#include <vector>

#include "harness/environment.h"
#include "harness/file_lock.h"

namespace evalzip {
namespace {

JobReport report_of(JobEnd end, const Record& record) {
  return {.end = end, .outcome = record.outcome, .detail = record.detail};
}

InputPart document_part(const Document& document) {
  return {.file = document.path.string(),
          .bytes = {.offset = document.offset, .size = document.size},
          .sha256 = document.sha256};
}

std::optional<InputPart> model_part(const LocatedModel& model) {
  if (model.file.empty() || model.sha256.empty()) return std::nullopt;
  return InputPart{.file = model.file,
                   .bytes = {.offset = 0, .size = std::filesystem::file_size(model.file)},
                   .sha256 = model.sha256};
}

// The document and the model of the plan as files of this machine.
void stage_inputs(const Stage& stage, Plan& plan) {
  PlannedDocument& planned = plan.documents[0];
  Document& document = planned.document;
  // Of a sample the whole document would have to come.
  if (planned.size == document.size && document.size > 0) {
    document.path = stage.place(document_part(document));
    for (Slice& slice : planned.slices) slice.offset -= document.offset;
    document.offset = 0;
  }
  LocatedModel& model = plan.codecs[0].model;
  if (const auto part = model_part(model)) model.file = stage.place(*part);
}

// The plan of the cell, with its inputs on this machine if they are to be there. A machine without
// room reads from the shared file system, as without a stage.
Plan plan_here(const WidePlan& plan, const PlannedCell& cell, const JobControl& control) {
  Plan alone = plan_of(plan, cell);
  if (control.stage == nullptr) return alone;
  try {
    stage_inputs(*control.stage, alone);
    return alone;
  } catch (const std::system_error& error) {
    control.note(fmt::format("not staged: {}", error.what()));
    return plan_of(plan, cell);
  }
}

// Documents are compared with the plan by every worker, but for parts, which have hashes of their
// own; models by none.
void check_inputs(const Plan& plan, bool in_parts, InputCheck& check) {
  const auto refuse = [](const std::string& problem) {
    if (!problem.empty()) throw InputChanged(problem);
  };
  if (const auto part = model_part(plan.codecs[0].model)) refuse(check.problem(*part));
  if (!in_parts) return;
  PlannedDocument now = plan.documents[0];
  restrict_to(now, now.slices);
  if (now.hash != plan.documents[0].hash) {
    refuse(fmt::format("{} changed since it was planned", now.document.path.string()));
  }
}

// Whoever asks for a number of samples gets it: parts have one.
bool may_be_in_parts(const PlannedCell& cell, const Plan& plan, double limit) {
  const Settings& settings = plan.settings;
  return has_parts(plan) && cell.seconds.value_or(0) > limit &&
         (!settings.exact_samples || settings.samples == 1);
}

// What a journal says of those who began it: where they ran, and whether its entries are parts of
// the cell or rounds.
struct Beginning {
  std::string cpu, host, kind;

  std::vector<std::string> arguments() const { return {cpu, host, kind}; }
};

constexpr const char *kParts = "parts", *kRounds = "rounds";

// Absent if there is no journal, or none that can be read: it is of another version, or damaged.
std::optional<Beginning> beginning_of(const std::filesystem::path& journal) {
  if (!std::filesystem::exists(journal)) return std::nullopt;
  try {
    const std::vector<std::string> words = journal_arguments(journal);
    if (words.size() == 3) return Beginning{.cpu = words[0], .host = words[1], .kind = words[2]};
  } catch (const std::exception&) {
    // What it had is measured again.
  }
  return std::nullopt;
}

// How one process goes about a cell.
class CellWork {
 public:
  CellWork(const PlannedCell& cell, const Plan& plan, const JobControl& control)
      : cell_(cell),
        plan_(plan),
        control_(control),
        journal_(control.results.journal_of(cell.cell.key)),
        then_(beginning_of(journal_)) {}

  // Absent if the user interrupted.
  std::optional<Run> run() {
    const double limit = control_.checkpoint_seconds;
    const bool in_parts =
        may_be_in_parts(cell_, plan_, limit) && !(then_ && then_->kind == kRounds);
    check_inputs(plan_, in_parts, control_.check);
    if (in_parts) {
      const PartsEnd end = run_parts(limit);
      if (!end.short_after_all) return end.run;
    }
    return run_rounds();
  }

 private:
  Beginning now(const char* kind) const {
    return {.cpu = control_.environment.cpu, .host = control_.environment.host, .kind = kind};
  }

  RunControl control_with(Journal& journal) const {
    return {.process = control_.process,
            .interrupted = control_.interrupted,
            .journal = journal,
            .observer = control_.observer};
  }

  PartsEnd run_parts(double limit) const {
    const bool goes_on = then_ && then_->kind == kParts;
    const bool same_cpu = !goes_on || then_->cpu == control_.environment.cpu;
    Journal journal(journal_, now(kParts).arguments(), goes_on);
    return run_in_parts(plan_, control_with(journal), control_.results.encoded_of(cell_.cell.key),
                        {.same_cpu = same_cpu, .limit_seconds = limit});
  }

  std::optional<Run> run_rounds() const {
    const Beginning here = now(kRounds);
    // Rounds on another machine are no samples of the same thing.
    const bool goes_on = then_ && then_->arguments() == here.arguments();
    Journal journal(journal_, here.arguments(), goes_on);
    Run whole = execute(plan_, control_with(journal));
    return whole.complete ? std::optional(std::move(whole)) : std::nullopt;
  }

  const PlannedCell& cell_;
  const Plan& plan_;
  const JobControl& control_;
  std::filesystem::path journal_;
  std::optional<Beginning> then_;
};

void forget_work(const ResultFolder& results, const std::string& key) {
  std::error_code ignored;
  const std::filesystem::path journal = results.journal_of(key);
  for (const auto& file :
       {journal, std::filesystem::path(journal.string() + "~"), results.encoded_of(key)}) {
    std::filesystem::remove(file, ignored);
  }
}

JobReport unfit(const Record& record) {
  JobReport report = report_of(JobEnd::unfit, record);
  if (record.outcome == Outcome::out_of_memory) {
    report.detail += "; give it more: \"memory\" in a suite, --sbatch=--mem=0 for all of a node's";
  }
  return report;
}

JobReport interrupted_report() {
  return {.end = JobEnd::interrupted, .outcome = Outcome::skipped, .detail = {}};
}

JobReport run_and_keep(const WidePlan& plan, const PlannedCell& cell, const JobControl& control) {
  const Plan alone = plan_here(plan, cell, control);
  std::optional<Run> run = CellWork(cell, alone, control).run();
  if (!run) return interrupted_report();
  const bool kept = !is_of_machine(run->records[0], alone.settings);
  if (kept) {
    std::vector<std::string> warnings = std::move(run->environment.warnings);
    run->environment = control.environment;
    run->environment.finished_utc = utc_now();
    run->environment.warnings.insert(run->environment.warnings.end(), warnings.begin(),
                                     warnings.end());
    control.results.keep(*run);
  }
  // A round that the machine prevented is in the journal, a part is not.
  const auto work = beginning_of(control.results.journal_of(cell.cell.key));
  if (kept || !work || work->kind != kParts) forget_work(control.results, cell.cell.key);
  return kept ? report_of(JobEnd::done, run->records[0]) : unfit(run->records[0]);
}

// What is wrong with one cell must not keep a task from its others.
JobReport run_alone(const WidePlan& plan, const PlannedCell& cell, const JobControl& control) {
  const auto unfit_because = [](const std::exception& error) {
    return JobReport{.end = JobEnd::unfit, .outcome = Outcome::missing, .detail = error.what()};
  };
  try {
    return run_and_keep(plan, cell, control);
  } catch (const Stage::Interrupted&) {
    return interrupted_report();
  } catch (const InputChanged& error) {
    return unfit_because(error);
  } catch (const CorpusError& error) {
    return unfit_because(error);
  } catch (const std::filesystem::filesystem_error& error) {
    return unfit_because(error);
  }
}

}  // namespace

JobReport run_cell(const WidePlan& plan, const PlannedCell& cell, const JobControl& control) {
  const std::string& key = cell.cell.key;
  const auto present = [&]() -> std::optional<JobReport> {
    const CellResult result = control.results.find(key, plan.settings[cell.settings]);
    if (!result.run) return std::nullopt;
    return report_of(JobEnd::present, result.run->records[0]);
  };
  if (const auto report = present()) return *report;
  const FileLock lock(control.results.lock_of(key), control.interrupted);
  if (!lock.held()) return interrupted_report();
  if (const auto report = present()) return *report;  // of whoever held the lock
  return run_alone(plan, cell, control);
}

}  // namespace evalzip
