// Finds the samples of DICOM and NIfTI files.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "codecs/context/image_headers.h"

namespace evalzip {

// Uncompressed ones, where the element that holds them begins at a place of the block; and of a
// file of which the header begins there. Little-endian, as nearly all are. `begin` counts from the
// place.
std::optional<FoundSamples> find_dicom(std::span<const std::uint8_t> block, std::size_t at);
std::optional<FoundSamples> find_nifti(std::span<const std::uint8_t> block, std::size_t at);

}  // namespace evalzip
