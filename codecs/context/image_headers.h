// Finds pictures and sound in a block by the headers that precede them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codecs/context/content.h"

namespace evalzip {

// Samples that begin at a place of the block.
struct FoundSamples {
  std::size_t begin = 0;
  Segment segment;
};

// The plain samples behind headers of BMP, PNM and PAM, TIFF, TGA, RIFF WAVE, DICOM and NIfTI
// files, wherever in the block these begin: in order, none overlapping, cut where the block ends. A
// header may lie; then the samples are what it says all the same, and the guess costs code length
// only.
std::vector<FoundSamples> find_samples(std::span<const std::uint8_t> block);

}  // namespace evalzip
