// The kernels of a machine for which there is no faster one than the portable.
#include <array>

#include "codecs/huffman_lanes.h"

namespace evalzip {

std::span<const HuffmanKernel> huffman_kernels() {
  static constexpr std::array kKernels{
      HuffmanKernel{"portable", decode_rounds_portable, encode_rounds_portable}};
  return kKernels;
}

}  // namespace evalzip
