// evalzip: how small, how close to the entropy bound, how fast, at what memory.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <system_error>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/plugin_flag.h"
#include "cli/program.h"
#include "corpora/corpus.h"
#include "corpora/progress.h"
#include "harness/build_info.h"

namespace evalzip {
namespace {

int run_program(int argc, const char* const* argv) {
  Program program = start_program(argc, argv);
  CLI::App app{
      "The truth about lossless codecs: how small, how close to the entropy bound, how "
      "fast, at what memory."};
  app.name("evalzip");
  app.footer(fmt::format("Exit codes: {}\nTry: evalzip run --corpus demo\n", kExitCodesInWords));
  app.set_version_flag("--version",
                       fmt::format("evalzip {} ({})", build_info().version, build_info().commit));
  app.require_subcommand(1);
  const Command commands[] = {
      add_run_command(app, program),        add_plan_command(app, program),
      add_exec_command(app, program),       add_status_command(app, program),
      add_report_command(app, program),     add_list_command(app, program),
      add_corpus_command(app, program),     add_model_command(app, program),
      add_explain_command(app, program),    add_analyze_command(app, program),
      add_advise_command(app, program),     add_doctor_command(app, program),
      add_merge_command(app, program),      add_compare_command(app, program),
      add_ab_command(app, program),         add_baseline_command(app, program),
      add_history_command(app, program),    add_verify_artifact_command(app, program),
      add_perplexity_command(app, program), add_compress_command(app, program),
      add_decompress_command(app, program), add_cat_command(app, program),
      add_test_command(app, program),       add_ls_command(app, program),
      add_document_command(app, program),
  };
  for (const char* name :
       {"run", "plan", "list", "advise", "doctor", "compress", "decompress", "cat", "test"}) {
    add_plugin_flag(*app.get_subcommand(name), program);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  for (const Command& command : commands) {
    if (command.app->parsed()) return command.run();
  }
  return kExitUsage;
}

int complain(int code, const std::string& message) {
  fmt::print(stderr, "evalzip: {}\n", message);
  return code;
}

// What was said to be printed must have arrived: a full disk behind a redirection shows only now.
int finished(int code) {
  std::cout.flush();
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good()) return code;
  const std::string reason = errno == 0 ? "" : fmt::format(": {}", std::strerror(errno));
  return complain(kExitUsage, "cannot write all of the standard output" + reason);
}

// The only place where an error becomes a message.
int guarded_main(int argc, const char* const* argv) {
  try {
    return finished(run_program(argc, argv));
  } catch (const Cancelled&) {
    return complain(kExitInterrupted, "interrupted");
  } catch (const CorpusError& error) {
    return complain(error.kind() == CorpusError::Kind::integrity ? kExitIntegrity : kExitUsage,
                    error.what());
  } catch (const std::bad_alloc&) {
    return complain(kExitUsage, "out of memory");
  } catch (const std::exception& error) {
    return complain(kExitUsage, error.what());
  }
}

}  // namespace
}  // namespace evalzip

int main(int argc, char** argv) { return evalzip::guarded_main(argc, argv); }
