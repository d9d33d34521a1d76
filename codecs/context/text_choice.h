// Tells kinds of text apart, and tries whether that is worth it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/content.h"
#include "codecs/context/content_trial.h"

namespace evalzip {

// Which sets the texts of a block are in so far.
struct TextSets {
  bool text = false, markup = false, multilingual = false;
  Content last = Content::text;

  bool has(Content content) const;
  void add(Content content);
};

// A segment of text as segments of text, markup and other languages.
std::vector<Segment> choose_for_text(std::span<const std::uint8_t> bytes, TextSets& sets,
                                     TrialBudget& budget);

}  // namespace evalzip
