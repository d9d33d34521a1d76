#include "codecs/context/content_detector.h"

#include <algorithm>
#include <array>
#include <utility>

#include "codecs/context/image_headers.h"
#include "codecs/context/incompressible.h"
#include "codecs/context/record_width.h"
#include "codecs/context/sample_statistics.h"
#include "codecs/context/segment_list.h"
#include "codecs/context/x86_filter.h"

namespace evalzip {
namespace {

using Window = std::span<const std::uint8_t>;

constexpr std::size_t kWindow = std::size_t{1} << 16;

// A run costs a few bytes and the model's memory of what came before it; shorter ones are left to
// the model.
constexpr std::size_t kShortestRun = 1024;

bool is_run(Window window) {
  return window.size() >= kShortestRun &&
         std::adjacent_find(window.begin(), window.end(), std::not_equal_to<>()) == window.end();
}

// Text has hardly any control characters and mostly letters, digits and blanks; bytes above ASCII
// are letters of UTF-8 or of an older code. Archives of texts pad them with zeros: a row of zeros
// is one control character, and counts for nothing else.
bool is_text(Window window) {
  std::size_t control = 0, common = 0, padding = 0;
  std::uint8_t before = 1;
  for (const std::uint8_t byte : window) {
    const bool blank = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
    const bool pads = byte == 0 && before == 0;
    padding += pads ? 1 : 0;
    control += byte < 32 && !blank && !pads ? 1 : 0;
    common += blank || byte >= 128 || (byte | 32u) - 'a' < 26u || byte - 48u < 10u ? 1 : 0;
    before = byte;
  }
  const std::size_t size = window.size() - padding;
  return padding * 4 <= window.size() && control * 100 <= size && common * 2 >= size;
}

// A call in a hundred bytes is many; a few in a thousand come from chance.
bool is_x86(Window window) { return count_calls(window) * 160 >= window.size(); }

// How many of the bytes may be samples: all before a window of something else, to a few KiB.
std::size_t size_of_samples(Window bytes) {
  constexpr std::size_t kStep = std::size_t{1} << 12;
  Incompressible incompressible;
  std::size_t end = 0;
  while (end < bytes.size()) {
    const Window window = bytes.subspan(end, std::min(kWindow, bytes.size() - end));
    if (contradicts_samples(window) || incompressible.test(window)) break;
    end += window.size();
  }
  if (end >= bytes.size()) return bytes.size();
  while (end > 0 && contradicts_samples(bytes.subspan(end - kStep, kStep))) end -= kStep;
  return end;
}

class Detector {
 public:
  std::vector<Segment> detect(Window block) {
    constexpr std::size_t kSmallest = 1024;  // samples
    std::size_t at = 0;
    SampleFinder finder(block);
    for (auto found = finder.next(0); found;) {
      if (found->is_cut) found->segment.size = size_of_samples(block.subspan(found->begin));
      std::size_t next = found->begin;
      if (found->segment.size >= kSmallest) {
        look_at(block.subspan(at, found->begin - at));
        segments_.push_back(found->segment);
        next = at = found->begin + found->segment.size;
      }
      found = finder.next(next);
    }
    return detect_rest(block, at);
  }

  std::vector<Segment> detect_rest(Window block, std::size_t at) {
    look_at(block.subspan(at));
    find_widths(block);
    return std::move(segments_);
  }

 private:
  void look_at(Window part) {
    for (std::size_t at = 0; at < part.size(); at += kWindow) {
      const Window window = part.subspan(at, std::min(kWindow, part.size() - at));
      append({.content = kind_of(window), .size = window.size()}, part[at]);
    }
  }

  Content kind_of(Window window) {
    if (is_run(window)) return Content::run;
    if (is_text(window)) return Content::text;
    if (incompressible_.test(window)) return Content::stored;
    return is_x86(window) ? Content::x86 : Content::binary;
  }

  void append(const Segment& segment, std::uint8_t first) {
    const bool runs_on = segment.content == Content::run && !segments_.empty() &&
                         segments_.back().content == Content::run && first_ == first;
    if (runs_on) {
      segments_.back().size += segment.size;
    } else {
      append_segment(segments_, segment);
    }
    first_ = first;
  }

  void find_widths(Window block) {
    std::size_t at = 0;
    for (Segment& segment : segments_) {
      if (segment.content == Content::binary) {
        segment.width = record_width(block.subspan(at, segment.size));
      }
      at += segment.size;
    }
  }

  std::vector<Segment> segments_;
  std::uint8_t first_ = 0;
  Incompressible incompressible_;
};

}  // namespace

std::vector<Segment> detect_content(std::span<const std::uint8_t> block) {
  return Detector().detect(block);
}

std::vector<Segment> detect_without_headers(std::span<const std::uint8_t> block) {
  return Detector().detect_rest(block, 0);
}

bool contradicts_samples(std::span<const std::uint8_t> bytes) {
  return (is_text(bytes) || is_x86(bytes)) && !guess_samples(bytes);
}

}  // namespace evalzip
