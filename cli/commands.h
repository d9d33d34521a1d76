// The subcommands of the program. Each function adds one to the command line and says how to run
// it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/program.h"

namespace evalzip {

// run() is called after parsing, if the user chose this subcommand, and returns the exit code.
struct Command {
  CLI::App* app;
  std::function<int()> run;
};

Command add_run_command(CLI::App& app, Program& program);
Command add_plan_command(CLI::App& app, Program& program);
Command add_exec_command(CLI::App& app, Program& program);
Command add_status_command(CLI::App& app, Program& program);
Command add_list_command(CLI::App& app, Program& program);
Command add_corpus_command(CLI::App& app, Program& program);
Command add_model_command(CLI::App& app, Program& program);
Command add_perplexity_command(CLI::App& app, Program& program);
Command add_report_command(CLI::App& app, Program& program);
Command add_merge_command(CLI::App& app, Program& program);
Command add_explain_command(CLI::App& app, Program& program);
Command add_analyze_command(CLI::App& app, Program& program);
Command add_advise_command(CLI::App& app, Program& program);
Command add_ab_command(CLI::App& app, Program& program);
Command add_baseline_command(CLI::App& app, Program& program);
Command add_history_command(CLI::App& app, Program& program);
Command add_compare_command(CLI::App& app, Program& program);
Command add_compress_command(CLI::App& app, Program& program);
Command add_decompress_command(CLI::App& app, Program& program);
Command add_cat_command(CLI::App& app, Program& program);
Command add_test_command(CLI::App& app, Program& program);
Command add_ls_command(CLI::App& app, Program& program);
Command add_document_command(CLI::App& app, Program& program);
Command add_doctor_command(CLI::App& app, Program& program);
Command add_verify_artifact_command(CLI::App& app, Program& program);

}  // namespace evalzip
