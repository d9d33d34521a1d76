// Segments of a block as they are found.
#pragma once

#include <vector>

#include "codecs/context/content.h"

namespace evalzip {

// Puts a segment behind the others, or joins it to the last where both are of one kind. Samples
// differ in more than that, and runs in their byte. The width is the new segment's if
// that is longer than all before it.
inline void append_segment(std::vector<Segment>& segments, const Segment& segment) {
  Segment* const last = segments.empty() ? nullptr : &segments.back();
  const bool joins = last != nullptr && last->content == segment.content &&
                     segment.content != Content::image && segment.content != Content::run;
  if (!joins) {
    segments.push_back(segment);
    return;
  }
  if (last->size < segment.size) last->width = segment.width;
  last->size += segment.size;
}

}  // namespace evalzip
