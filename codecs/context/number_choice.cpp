#include "codecs/context/number_choice.h"

#include <algorithm>
#include <optional>

#include "codecs/context/content_trial.h"
#include "codecs/context/record_width.h"
#include "codecs/context/sample_statistics.h"

namespace evalzip {
namespace {

using Window = std::span<const std::uint8_t>;

constexpr std::size_t kWindow = std::size_t{1} << 16;

bool same_format(const Segment& a, const Segment& b) {
  return a.content == b.content && a.sample == b.sample && a.channels == b.channels &&
         a.little_endian == b.little_endian && a.is_signed == b.is_signed;
}

// Whether all of the bytes are samples of one format, by looks at parts of them.
std::optional<SampleGuess> guess_whole(Window bytes, const Segment& whole, TrialBudget& budget) {
  constexpr std::size_t kLooks = 5;
  std::vector<SampleGuess> guesses;
  for (std::size_t i = 0; i < kLooks; ++i) {
    const std::size_t at = bytes.size() / kLooks * i / kWindow * kWindow;
    const auto guess = guess_samples(bytes.subspan(at, std::min(kWindow, bytes.size() - at)));
    if (guess) guesses.push_back(*guess);
  }
  for (SampleGuess& guess : guesses) {
    const auto like = std::ranges::count_if(guesses, [&](const SampleGuess& other) {
      return same_format(guess.segment, other.segment) && guess.skip == other.skip;
    });
    if (2 * static_cast<std::size_t>(like) <= kLooks) continue;
    if (!budget.take(2 * kLooks, bytes.size() / kLooks - guess.skip)) return std::nullopt;
    guess.segment.width = guess_row(bytes.subspan(guess.skip), guess.segment);
    guess.segment.size = bytes.size() - guess.skip;
    double as_samples = 0, as_bytes = 0;
    for (std::size_t i = 0; i < kLooks; ++i) {
      const std::size_t at = bytes.size() / kLooks * i / kWindow * kWindow + guess.skip;
      const Window part = bytes.subspan(at, bytes.size() / kLooks - guess.skip);
      as_samples += trial_bits(part, guess.segment);
      as_bytes += trial_bits(part, whole);
    }
    return as_samples < as_bytes ? std::optional(guess) : std::nullopt;
  }
  return std::nullopt;
}

// Cuts binary bytes into samples and others, and tries whether the samples are worth it.
class NumberFinder {
 public:
  NumberFinder(Window bytes, const Segment& whole, TrialBudget& budget)
      : bytes_(bytes), whole_(whole), budget_(budget) {}

  std::vector<Segment> segments() {
    for (std::size_t at = 0; at < bytes_.size(); at += kWindow) look_at(at);
    for (Segment& segment : found_) settle(segment);
    join();
    return std::move(found_);
  }

 private:
  void look_at(std::size_t at) {
    const Window window = bytes_.subspan(at, std::min(kWindow, bytes_.size() - at));
    const auto guess = guess_samples(window);
    Segment segment = guess ? guess->segment : whole_;
    segment.size = window.size();
    if (!found_.empty() && same_format(found_.back(), segment)) {
      found_.back().size += segment.size;
      return;
    }
    // A sample begins where the guess says, so the segment does.
    const std::size_t skip = guess ? guess->skip : 0;
    if (skip > 0 && found_.empty()) {
      found_.push_back(whole_);
      found_.back().size = 0;
    }
    if (skip > 0) {
      found_.back().size += skip;
      segment.size -= skip;
    }
    if (segment.size > 0) found_.push_back(segment);
  }

  void settle(Segment& segment) {
    const Window bytes = bytes_.subspan(settled_, segment.size);
    settled_ += segment.size;
    if (segment.content != Content::image) return;
    Segment other = whole_;
    other.size = segment.size;
    if (!budget_.take(2, segment.size)) {
      segment = other;
      return;
    }
    if (segment.size < whole_.size / 2) other.width = record_width(bytes);
    segment.width = guess_row(bytes, segment);
    if (trial_bits(bytes, segment) >= trial_bits(bytes, other)) segment = other;
  }

  void join() {
    std::vector<Segment> joined;
    for (const Segment& segment : found_) {
      const bool same = !joined.empty() && same_format(joined.back(), segment) &&
                        joined.back().width == segment.width;
      if (same) {
        joined.back().size += segment.size;
      } else if (segment.size > 0) {
        joined.push_back(segment);
      }
    }
    found_ = std::move(joined);
  }

  Window bytes_;
  Segment whole_;
  TrialBudget& budget_;
  std::vector<Segment> found_;
  std::size_t settled_ = 0;
};

}  // namespace

std::vector<Segment> choose_for_binary(Window bytes, std::span<const Segment> segments,
                                       TrialBudget& budget) {
  Segment whole = segments.front();
  whole.size = bytes.size();
  if (whole.size >= 3 * kWindow) {
    if (const auto guess = guess_whole(bytes, whole, budget)) {
      whole.size = guess->skip;
      if (guess->skip == 0) return {guess->segment};
      return {whole, guess->segment};
    }
  }
  std::vector<Segment> chosen;
  for (const Segment& segment : segments) {
    const Window part = bytes.first(segment.size);
    bytes = bytes.subspan(segment.size);
    if (segment.content == Content::binary) {
      const auto parts = NumberFinder(part, segment, budget).segments();
      chosen.insert(chosen.end(), parts.begin(), parts.end());
    } else {
      chosen.push_back(segment);
    }
  }
  return chosen;
}

}  // namespace evalzip
