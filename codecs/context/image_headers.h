// Finds pictures and sound in a block by the headers that precede them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "codecs/context/content.h"

namespace evalzip {

// Samples that begin at a place of the block.
struct FoundSamples {
  std::size_t begin = 0;
  Segment segment;
  bool is_cut = false;  // the header tells of more than the block has
};

// The plain samples behind headers of BMP, PNM and PAM, TIFF, TGA, RIFF WAVE, DICOM and NIfTI
// files, wherever in the block these begin, cut where the block ends. A header may lie: whoever
// asks has to look at the samples too.
class SampleFinder {
 public:
  explicit SampleFinder(std::span<const std::uint8_t> block) : block_(block) {}

  // The first ones whose header begins at `from` or behind it. `from` may not go back.
  std::optional<FoundSamples> next(std::size_t from);

 private:
  std::optional<FoundSamples> at(std::size_t place, std::size_t from);

  std::span<const std::uint8_t> block_;
  unsigned failures_ = 0;
};

}  // namespace evalzip
