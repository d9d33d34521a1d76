#include "codecs/huffman_lanes.h"

#include "codecs/huffman_lanes_loop.h"

namespace evalzip {

void decode_rounds_portable(const CanonicalCode& code, LaneDecoding& at) {
  decode_rounds_loop(code, at);
}

void encode_rounds_portable(const CanonicalCode& code, LaneEncoding& at) {
  encode_rounds_loop(code, at);
}

bool decode_rounds_carefully(const CanonicalCode& code, LaneDecoding& at) {
  for (; at.rounds > 0; --at.rounds) {
    for (std::uint32_t& state : at.lanes) {
      const DecodedSymbol decoded = decode_symbol(code, state);
      *at.output++ = decoded.symbol;
      state >>= decoded.length;
      if (state >= kLaneBottom) continue;
      if (at.words_end - at.words < 2) return false;
      state = state << 16 | load_word(at.words);
      at.words += 2;
    }
  }
  return true;
}

}  // namespace evalzip
