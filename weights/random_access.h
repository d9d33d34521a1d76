// Bytes that can be read from any place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "codecs/codec.h"
#include "codecs/content_hash.h"

namespace evalzip {

struct RandomAccess {
  std::uint64_t size = 0;
  // Fills the buffer from `offset` on; both lie within the size. Throws what its owner throws. May
  // be called from several threads.
  std::function<void(std::uint64_t offset, MutableBytes buffer)> read;
};

// Calls act(bytes) for piece after piece of a stretch of a file.
template <class Act>
void for_each_piece(const RandomAccess& file, std::uint64_t offset, std::uint64_t size, Act act) {
  constexpr std::uint64_t kPiece = 1 << 20;
  std::vector<std::byte> piece;
  for (std::uint64_t done = 0; done < size; done += piece.size()) {
    piece.resize(std::min(kPiece, size - done));
    file.read(offset + done, piece);
    act(Bytes(piece));
  }
}

// Of all bytes of a stretch.
inline Digest digest_of_stretch(const RandomAccess& file, std::uint64_t offset,
                                std::uint64_t size) {
  ContentHash hash;
  for_each_piece(file, offset, size, [&](Bytes bytes) { hash.add(bytes); });
  return hash.digest();
}

}  // namespace evalzip
