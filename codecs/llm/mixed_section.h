// How a text that context mixing codes is cut into sections and lanes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/strong_model.h"
#include "codecs/llm/llm_header.h"

namespace evalzip {

struct MixedOptions {
  std::size_t segments = 1;   // lanes of a section
  std::size_t positions = 0;  // of the context
  unsigned level = 6;         // of cm, strong
  unsigned threads = 1;       // counted by memory_bytes(); a runner has its own
};

// The text is coded in sections, each cut into a few lanes which the language model reads side by
// side: so it multiplies matrices where it would multiply vectors. One context-mixing model learns
// from all of them: it codes the first byte of every lane, then the second of every lane, and so
// on.
class MixedSection {
 public:
  // Lanes that are far apart keep the context-mixing model from following its text, and where one
  // begins the language model knows nothing: measured on texts of several kinds, this is between.
  static constexpr std::size_t kLaneBytes = 32 << 10;

  // The whole text; `begin` is of the section.
  MixedSection(std::span<const std::uint8_t> text, std::size_t begin, std::size_t lanes)
      : begin_(begin) {
    const std::span section =
        text.subspan(begin, std::min(lanes * kLaneBytes, text.size() - begin));
    const std::size_t longest = segment_of(section, lanes, 0).size();
    for (std::size_t i = 0; i < lanes; ++i) {
      const std::span lane = segment_of(section, lanes, i);
      if (lane.empty()) break;
      const ByteHistory history{.bytes = lane.data(),
                                .origin = static_cast<std::size_t>(lane.data() - text.data()),
                                .section = begin,
                                .section_end = begin + section.size(),
                                .part = longest};
      lanes_.push_back({{history, {}, {}}, lane});
    }
  }

  // Of the longest lane of a text.
  static std::size_t lane_bytes(std::size_t text, std::size_t lanes) {
    return std::min(kLaneBytes, (text + lanes - 1) / lanes);
  }

  std::size_t lanes() const { return lanes_.size(); }
  std::size_t longest() const { return lanes_.front().bytes.size(); }
  std::span<const std::uint8_t> operator[](std::size_t lane) const { return lanes_[lane].bytes; }
  // Of a byte of a lane in the text.
  std::size_t place(std::size_t lane, std::size_t step) const {
    return begin_ + lane * longest() + step;
  }

  // Calls code(lane) for the next byte of each lane that has one; it stands in the text afterwards.
  template <class Code>
  void code_step(std::size_t step, StrongModel& model, const Code& code) {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      if (step >= lanes_[lane].bytes.size()) continue;
      model.open(lanes_[lane].part);
      code(lane);
      model.close(lanes_[lane].part);
    }
  }

 private:
  struct Lane {
    StrongModel::Part part;
    std::span<const std::uint8_t> bytes;
  };

  std::size_t begin_;
  std::vector<Lane> lanes_;
};

// What the context-mixing model is made for.
struct MixedGuest {
  Isa isa;
  unsigned kinds;
};

// Calls use(section, model) for each section of the text, one after the other, until it is false.
template <class Use>
void for_each_section(std::span<const std::uint8_t> text, const MixedOptions& options,
                      const MixedGuest& guest, const Use& use) {
  StrongModel model(text.data(), StrongModel::Size::of_level(options.level, text.size()), guest.isa,
                    guest.kinds);
  model.begin({.content = Content::text, .size = text.size()});
  const std::size_t size = options.segments * MixedSection::kLaneBytes;
  for (std::size_t begin = 0; begin < text.size(); begin += size) {
    MixedSection section(text, begin, options.segments);
    if (!use(section, model)) return;
  }
}

}  // namespace evalzip
