#include "codecs/context/content_choice.h"

#include "codecs/context/content_trial.h"
#include "codecs/context/header_trial.h"
#include "codecs/context/number_choice.h"
#include "codecs/context/text_choice.h"

namespace evalzip {
namespace {

// Runs shorter than this between samples are samples too, say the dark edges of pictures.
constexpr std::size_t kLongestDark = std::size_t{1} << 18;

using Segments = std::span<const Segment>;

// How many of the segments from the first on are bytes of one kind: a binary one, and others behind
// short runs.
std::size_t like_first(Segments segments) {
  std::size_t number = 1;
  while (number + 1 < segments.size() && segments[number].content == Content::run &&
         segments[number].size < kLongestDark && segments[number + 1].content == Content::binary) {
    number += 2;
  }
  return number;
}

std::vector<Segment> chosen_for(std::span<const std::uint8_t> bytes, Segments segments,
                                TrialBudget& budget, TextSets& sets) {
  switch (segments.front().content) {
    case Content::binary:
      return choose_for_binary(bytes, segments, budget);
    case Content::text:
      return choose_for_text(bytes, sets, budget);
    default:
      return {segments.front()};
  }
}

}  // namespace

std::vector<Segment> choose_sets(std::span<const std::uint8_t> block,
                                 const std::vector<Segment>& segments) {
  TrialBudget budget(block.size());
  TextSets sets;
  const std::vector<Segment> tried = try_samples(block, segments, budget);
  std::vector<Segment> chosen;
  for (Segments rest = tried; !rest.empty();) {
    const Segments alike =
        rest.first(rest.front().content == Content::binary ? like_first(rest) : 1);
    std::size_t size = 0;
    for (const Segment& segment : alike) size += segment.size;
    const std::vector<Segment> parts = chosen_for(block.first(size), alike, budget, sets);
    chosen.insert(chosen.end(), parts.begin(), parts.end());
    rest = rest.subspan(alike.size());
    block = block.subspan(size);
  }
  return chosen;
}

}  // namespace evalzip
