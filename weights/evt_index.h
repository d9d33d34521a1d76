// What an .evt file holds: the segments of a file of weights, and where their chunks lie.
// docs/formats.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codecs/content_hash.h"
#include "codecs/tensors/chunk_coder.h"
#include "container/fields.h"
#include "weights/random_access.h"

namespace evalzip {

struct EvtChunk {
  std::uint32_t bytes = 0;  // in the container
  Check check{};            // of them
};

// A tensor, or the bytes between two: a segment without a name.
struct EvtSegment {
  std::string name, type;  // as the file of weights writes them
  std::vector<std::uint64_t> shape;
  TensorLayout layout;
  std::uint64_t size = 0;                // bytes in the file of weights
  Digest hash{};                         // of the digests of its chunks, as they were before coding
  std::optional<std::uint32_t> same_as;  // an earlier segment with the same bytes; no chunks then
  std::uint64_t offset = 0;              // of the first chunk in the container; the others follow
  std::vector<EvtChunk> chunks;

  // Bytes in the container.
  std::uint64_t stored() const;
};

struct EvtIndex {
  std::string file_format;           // of the file of weights
  std::uint64_t size = 0;            // of that file
  Digest hash{};                     // of all of it
  std::string base_name;             // the file that chunks may be differences from; empty: none
  Digest base_hash{};                // of all of it
  std::vector<EvtSegment> segments;  // in the order of the file, without holes

  // Null if there is none. Segments without a name are not found.
  const EvtSegment* find(std::string_view tensor) const;
};

inline constexpr std::size_t kEvtHeaderBytes = 16;

std::vector<std::byte> write_evt_header();

// The end of the container, from where it begins at `offset`.
std::vector<std::byte> write_evt_index(const EvtIndex& index, std::uint64_t offset);

// Throws ContainerError that names the segment.
EvtIndex read_evt_index(const RandomAccess& file);

// Whether the bytes begin as .evt does.
bool looks_like_evt(Bytes bytes);

}  // namespace evalzip
