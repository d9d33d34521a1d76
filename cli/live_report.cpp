#include "cli/live_report.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "harness/merge.h"
#include "harness/output_file.h"

namespace evalzip {
namespace {

constexpr unsigned kRefreshSeconds = 5;
constexpr auto kLeastPause = std::chrono::milliseconds(500);
constexpr int kMostShare = 20;  // pauses are this many times longer than showing takes

std::size_t terminal_height() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

}  // namespace

LiveReport::LiveReport(const Plan& plan, const Journal& journal, Environment environment,
                       Places places, StatusLine& line)
    : places_(std::move(places)), line_(line), progress_(line) {
  run_.environment = std::move(environment);
  run_.settings = plan.settings;
  for (const Cell& cell : plan.cells) {
    records_.emplace(cell.key, run_.records.size());
    run_.records.push_back(blank_record(plan, cell));
    run_.records.back().detail = "not yet run";
  }
  run_.records.insert(run_.records.end(), plan.missing.begin(), plan.missing.end());
  for (const RoundResult& result : journal.earlier()) add(result);
  show();
}

void LiveReport::add(const RoundResult& result) {
  const auto place = records_.find(result.record.key);
  if (place == records_.end()) return;
  merge_round(run_.records[place->second], result.record);
  run_.order.push_back(place->first);
  run_.codec_seconds += result.codec_seconds;
  run_.wall_seconds += result.wall_seconds;
}

void LiveReport::finished(const RoundResult& result, const Progress& progress) {
  add(result);
  const bool due = Clock::now() >= next_;
  const bool speaks = result.record.outcome != Outcome::ok;  // a line that stays
  if (due || speaks) erase_table();
  progress_.finished(result, progress);
  if (due) {
    show();
  } else if (speaks) {
    draw_table();
  }
}

void LiveReport::close(const Run& run) {
  erase_table();
  write_page(run, 0);
}

void LiveReport::show() {
  const Clock::time_point start = Clock::now();
  write_page(run_, kRefreshSeconds);
  draw_table();
  const Clock::duration took = Clock::now() - start;
  next_ = Clock::now() + std::max<Clock::duration>(kLeastPause, took * kMostShare);
}

void LiveReport::write_page(const Run& run, unsigned refresh_seconds) const {
  ReportOptions options;
  options.refresh_seconds = refresh_seconds;
  std::ostringstream page;
  write_html(std::span(&run, 1), options, page);
  replace_file(places_.page, page.str());
}

// As many of its lines as the terminal has room for beside the status line.
void LiveReport::draw_table() {
  constexpr std::size_t kOtherLines = 3;
  const std::size_t height = terminal_height();
  if (!line_.live() || height <= kOtherLines) return;
  line_.clear();
  std::ostringstream table;
  write_table(run_, places_.table, table);
  std::istringstream lines(table.str());
  drawn_lines_ = 0;
  for (std::string text; drawn_lines_ + kOtherLines < height && std::getline(lines, text);
       ++drawn_lines_) {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
}

void LiveReport::erase_table() {
  if (drawn_lines_ == 0) return;
  line_.clear();
  fmt::print(stderr, "\033[{}A\r\033[J", drawn_lines_);
  std::fflush(stderr);
  drawn_lines_ = 0;
}

}  // namespace evalzip
