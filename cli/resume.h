// `evalzip run --resume` without other flags: the journal knows with which ones the run began.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/program.h"
#include "cli/run_options.h"

namespace evalzip {

// The journal of the result file `out`.
std::filesystem::path journal_of(const std::filesystem::path& out);

// Whether the arguments of the program ask to resume and name neither codecs nor corpora nor any
// setting: only --out and --quiet may stand beside --resume.
bool resumes_by_journal(const std::vector<std::string>& arguments);

struct JournalRun {
  RunOptions options;
  std::vector<std::string> arguments;  // as typed when the run began
};

// The flags of the interrupted run, with `now`'s --out, --resume and --quiet; its plugins are
// loaded. Throws std::runtime_error if there is no journal or what it holds are not arguments of
// `run`.
JournalRun begun_run(const RunOptions& now, Program& program);

}  // namespace evalzip
