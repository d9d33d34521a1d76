// Tells a person how a run is going: one line that is rewritten on a terminal, plain lines
// elsewhere.
#pragma once

#include <chrono>
#include <string>

#include "corpora/progress.h"
#include "harness/run.h"

namespace evalzip {

// A line on standard error. Quiet: nothing but notes.
class StatusLine {
 public:
  StatusLine(bool live, bool quiet) : live_(live), quiet_(quiet) {}
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  void show(const std::string& text);   // replaced by the next one; not shown off a terminal
  void print(const std::string& text);  // stays
  void note(const std::string& text);   // stays, even when quiet
  void clear();
  bool live() const { return live_ && !quiet_; }

 private:
  bool live_, quiet_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

// Downloads, unpacking, hashing.
class CorpusProgress final : public Progress {
 public:
  explicit CorpusProgress(StatusLine& line) : line_(line) {}
  bool advance(const ProgressStep& step) override;
  void note(const std::string& sentence) override;

 private:
  StatusLine& line_;
  std::string last_step_;
};

// Cells.
class RunProgress final : public RunObserver {
 public:
  explicit RunProgress(StatusLine& line) : line_(line) {}
  void estimating(const std::string& codec) override;
  void starting(const Record& cell, unsigned round, const Progress& progress) override;
  void finished(const RoundResult& result, const Progress& progress) override;

 private:
  StatusLine& line_;
};

}  // namespace evalzip
