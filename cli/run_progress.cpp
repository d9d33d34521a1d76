#include "cli/run_progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/interrupt.h"

namespace evalzip {
namespace {

constexpr auto kRefresh = std::chrono::milliseconds(80);

std::string clock_time(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string bar(double share) {
  constexpr int kWidth = 20;
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
  return fmt::format("[{:#<{}}{:.<{}}]", "", full, "", kWidth - full);
}

std::string megabytes(double bytes) { return fmt::format("{:.1f}", bytes / 1e6); }

// Names come from outside: nothing in them may move the cursor.
std::string visible(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return text;
}

}  // namespace

void StatusLine::show(const std::string& text) {
  if (!live()) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && now - last_ < kRefresh) return;
  fmt::print(stderr, "\r\033[K{}", text);
  std::fflush(stderr);
  last_ = now;
  shown_ = true;
}

void StatusLine::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  shown_ = false;
}

void StatusLine::print(const std::string& text) {
  if (!quiet_) note(text);
}

void StatusLine::note(const std::string& text) {
  clear();
  fmt::print(stderr, "{}\n", text);
}

bool CorpusProgress::advance(const ProgressStep& step) {
  if (step.what != last_step_) {
    if (!line_.live()) line_.print(visible(step.what));
    last_step_ = step.what;
  }
  std::string text = visible(step.what) + " " + megabytes(static_cast<double>(step.done_bytes));
  if (step.total_bytes && *step.total_bytes > 0) {
    const double total = static_cast<double>(*step.total_bytes);
    text = fmt::format("{} {} of {}", bar(static_cast<double>(step.done_bytes) / total), text,
                       megabytes(total));
  }
  text += " MB";
  if (step.bytes_per_second) {
    text += fmt::format(", {} MB/s", megabytes(*step.bytes_per_second));
    if (step.total_bytes && *step.bytes_per_second > 0) {
      text += ", " +
              clock_time(static_cast<double>(*step.total_bytes - step.done_bytes) /
                         *step.bytes_per_second) +
              " left";
    }
  }
  line_.show(text);
  return !interrupted();
}

void CorpusProgress::note(const std::string& sentence) { line_.note(visible(sentence)); }

void RunProgress::estimating(const std::string& codec) {
  line_.show("estimating how long " + codec + " will take");
}

void RunProgress::starting(const Record& cell, unsigned round, const Progress& progress) {
  std::string left;
  if (progress.seconds_left) left = ", about " + clock_time(*progress.seconds_left) + " left";
  line_.show(fmt::format("{} {} of {}{}: {} on {}, round {}",
                         bar(static_cast<double>(progress.done) /
                             static_cast<double>(std::max<std::size_t>(1, progress.total))),
                         progress.done, progress.total, left, cell.codec, visible(cell.document),
                         round + 1));
}

void RunProgress::finished(const RoundResult& result, const Progress& progress) {
  const Record& record = result.record;
  if (record.outcome != Outcome::ok) {
    line_.print(visible(fmt::format("{} on {}: {}: {}", record.codec, record.document,
                                    to_string(record.outcome), record.detail)));
  } else if (!line_.live()) {
    line_.print(
        visible(fmt::format("{}/{} {} on {}: {} -> {} bytes, round {}, {:.1f} s", progress.done,
                            progress.total, record.codec, record.document, record.original_bytes,
                            *record.encoded_bytes, result.round + 1, result.wall_seconds)));
  }
}

}  // namespace evalzip
