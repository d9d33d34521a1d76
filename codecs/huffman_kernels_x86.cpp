// The kernels of x86-64 machines, chosen when the program runs.
#include <array>

#include "codecs/cpu_features.h"
#include "codecs/huffman_lanes.h"
#include "codecs/huffman_lanes_loop.h"

namespace evalzip {

[[gnu::target("bmi,bmi2")]] void decode_rounds_bmi2(const CanonicalCode& code, LaneDecoding& at) {
  decode_rounds_loop(code, at);
}

[[gnu::target("bmi,bmi2")]] void encode_rounds_bmi2(const CanonicalCode& code, LaneEncoding& at) {
  encode_rounds_loop(code, at);
}

std::span<const HuffmanKernel> huffman_kernels() {
  static constexpr std::array kKernels{
      HuffmanKernel{"avx512", decode_rounds_avx512, encode_rounds_avx512},
      HuffmanKernel{"bmi2", decode_rounds_bmi2, encode_rounds_bmi2},
      HuffmanKernel{"portable", decode_rounds_portable, encode_rounds_portable}};
  static const std::size_t first = [] {
    const Isa isa = preferred_isa();
    if (isa == Isa::portable || !has_bmi2()) return 2;
    return isa == Isa::avx512 && has_gfni() ? 0 : 1;
  }();
  return std::span(kKernels).subspan(first);
}

}  // namespace evalzip
