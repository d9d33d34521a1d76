// A run shown while it goes: its page on disk, its table on the terminal.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "cli/run_progress.h"
#include "harness/journal.h"
#include "harness/plan.h"
#include "harness/record.h"
#include "reports/report.h"

namespace evalzip {

// Shows at most twice a second, and so seldom that showing takes less than a twentieth of the time;
// between cells, when no worker is being timed.
class LiveReport final : public RunObserver {
 public:
  struct Places {
    std::filesystem::path page;  // replaced as a whole each time
    ReportOptions table;         // of the terminal
  };

  // Of the plan's cells with what the journal already has. The line must outlive it.
  LiveReport(const Plan& plan, const Journal& journal, Environment environment, Places places,
             StatusLine& line);

  void estimating(const std::string& codec) override { progress_.estimating(codec); }
  void starting(const Record& cell, unsigned round, const Progress& progress) override {
    progress_.starting(cell, round, progress);
  }
  void finished(const RoundResult& result, const Progress& progress) override;

  // Takes the table away and writes the page of the whole run, which asks for no further ones.
  void close(const Run& run);

 private:
  using Clock = std::chrono::steady_clock;

  void add(const RoundResult& result);
  void show();
  void write_page(const Run& run, unsigned refresh_seconds) const;
  void draw_table();
  void erase_table();

  Places places_;
  StatusLine& line_;
  RunProgress progress_;
  Run run_;
  std::map<std::string, std::size_t> records_;  // by key
  Clock::time_point next_ = Clock::now();
  std::size_t drawn_lines_ = 0;
};

}  // namespace evalzip
