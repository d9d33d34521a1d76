#include "harness/cell_job.h"

#include <fmt/format.h>

#include <system_error>

#include "harness/environment.h"
#include "harness/file_lock.h"

namespace evalzip {
namespace {

JobReport report_of(JobEnd end, const Record& record) {
  return {.end = end, .outcome = record.outcome, .detail = record.detail};
}

// The document and the model of the plan as files of this machine.
void stage_inputs(const Stage& stage, Plan& plan) {
  PlannedDocument& planned = plan.documents[0];
  Document& document = planned.document;
  // Of a sample the whole document would have to come.
  if (planned.size == document.size && document.size > 0) {
    document.path = stage.place({.file = document.path,
                                 .bytes = {.offset = document.offset, .size = document.size},
                                 .sha256 = document.sha256});
    for (Slice& slice : planned.slices) slice.offset -= document.offset;
    document.offset = 0;
  }
  LocatedModel& model = plan.codecs[0].model;
  if (!model.file.empty() && !model.sha256.empty()) {
    model.file =
        stage.place({.file = model.file,
                     .bytes = {.offset = 0, .size = std::filesystem::file_size(model.file)},
                     .sha256 = model.sha256});
  }
}

// A machine without room reads from the shared file system, as without a stage.
Plan staged(const WidePlan& plan, const PlannedCell& cell, const JobControl& control) {
  Plan alone = plan_of(plan, cell);
  try {
    stage_inputs(*control.stage, alone);
    return alone;
  } catch (const std::system_error& error) {
    control.note(fmt::format("not staged: {}", error.what()));
    return plan_of(plan, cell);
  }
}

bool is_long(const PlannedCell& cell, const Plan& plan, double limit) {
  return has_parts(plan) && cell.seconds.value_or(0) > limit;
}

// What a journal says of those who began it: their CPU, and whether its entries are parts of the
// cell or rounds.
struct Beginning {
  std::string cpu, kind;
  std::vector<std::string> arguments() const { return {cpu, kind}; }
};

Beginning beginning_of(const std::filesystem::path& journal, const Beginning& now) {
  if (!std::filesystem::exists(journal)) return now;
  const std::vector<std::string> arguments = journal_arguments(journal);
  if (arguments.size() != 2) return now;
  return {.cpu = arguments[0], .kind = arguments[1]};
}

std::optional<Run> measure(const PlannedCell& cell, const Plan& plan, const JobControl& control) {
  const std::filesystem::path file = control.results.journal_of(cell.cell.key);
  const bool in_parts = is_long(cell, plan, control.checkpoint_seconds);
  const Beginning now{.cpu = control.environment.cpu, .kind = in_parts ? "parts" : "rounds"};
  const Beginning then = beginning_of(file, now);
  const bool same_cpu = now.cpu == then.cpu;
  // Rounds on another model of CPU are no samples of the same thing; the sizes of parts are.
  const bool goes_on = now.kind == then.kind && (same_cpu || in_parts);
  Journal journal(file, now.arguments(), goes_on);
  const RunControl run{.process = control.process,
                       .interrupted = control.interrupted,
                       .journal = journal,
                       .observer = control.observer};
  if (in_parts) {
    return run_in_parts(plan, run, control.results.encoded_of(cell.cell.key), same_cpu, {});
  }
  Run whole = execute(plan, run);
  return whole.complete ? std::optional(std::move(whole)) : std::nullopt;
}

void forget_work(const ResultFolder& results, const std::string& key) {
  std::error_code ignored;
  const std::filesystem::path journal = results.journal_of(key);
  for (const auto& file :
       {journal, std::filesystem::path(journal.string() + "~"), results.encoded_of(key)}) {
    std::filesystem::remove(file, ignored);
  }
}

// Outcomes that say something of the machine and nothing of the codec.
bool is_of_machine(Outcome outcome) {
  return outcome == Outcome::missing || outcome == Outcome::skipped;
}

JobReport run_and_keep(const WidePlan& plan, const PlannedCell& cell, const JobControl& control) {
  const Plan alone = control.stage == nullptr ? plan_of(plan, cell) : staged(plan, cell, control);
  std::optional<Run> run = measure(cell, alone, control);
  if (!run) return {.end = JobEnd::interrupted, .outcome = Outcome::skipped, .detail = {}};
  if (is_of_machine(run->records[0].outcome)) return report_of(JobEnd::unfit, run->records[0]);
  run->environment = control.environment;
  run->environment.finished_utc = utc_now();
  control.results.keep(*run);
  forget_work(control.results, cell.cell.key);
  return report_of(JobEnd::done, run->records[0]);
}

}  // namespace

JobReport run_cell(const WidePlan& plan, const PlannedCell& cell, const JobControl& control) {
  const std::string& key = cell.cell.key;
  const auto present = [&]() -> std::optional<JobReport> {
    const CellResult result = control.results.find(key);
    if (!result.run) return std::nullopt;
    return report_of(JobEnd::present, result.run->records[0]);
  };
  if (const auto report = present()) return *report;
  const FileLock lock(control.results.lock_of(key), control.interrupted);
  if (!lock.held()) return {.end = JobEnd::interrupted, .outcome = Outcome::skipped, .detail = {}};
  if (const auto report = present()) return *report;  // of whoever held the lock
  try {
    return run_and_keep(plan, cell, control);
  } catch (const Stage::Interrupted&) {
    return {.end = JobEnd::interrupted, .outcome = Outcome::skipped, .detail = {}};
  } catch (const Stage::Changed& changed) {
    return {.end = JobEnd::unfit, .outcome = Outcome::missing, .detail = changed.what()};
  }
}

}  // namespace evalzip
