// Int8 products with AMX.
//
// The instructions are written out. GCC 12's own intrinsics pass 8 of the 64 bytes of a
// configuration to the assembler and do not say that tiles are read from memory. No flags are
// needed, and compilers give tiles no other use, so that being volatile keeps their order.
#include "codecs/llm/engine_kernels_x86.h"
#include "codecs/llm/int8_product_tiles.h"

namespace evalzip {
namespace {

struct AmxTiles {
  [[gnu::always_inline]] void configure(const TileConfiguration& configuration) {
    asm volatile("ldtilecfg %0" : : "m"(configuration));
  }

  [[gnu::always_inline]] void release() { asm volatile("tilerelease"); }

  template <int kTile>
  [[gnu::always_inline]] void load(const void* from, std::size_t stride) {
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(from), "r"(stride), "i"(kTile) : "memory");
  }

  template <int kTile>
  [[gnu::always_inline]] void store(void* to, std::size_t stride) {
    asm volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(to), "r"(stride), "i"(kTile) : "memory");
  }

  template <int kTile>
  [[gnu::always_inline]] void clear() {
    asm volatile("tilezero %%tmm%c0" : : "i"(kTile));
  }

  template <int kSums, int kRows, int kWeights>
  [[gnu::always_inline]] void dot() {
    asm volatile("tdpbusd %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(kSums), "i"(kRows), "i"(kWeights));
  }
};

// Loading tiles takes as long for one row as for sixteen, and configurations cost some hundred
// cycles: AVX-512 is the faster for one or two rows and for the small products of attention.
bool is_worth_tiles(const Int8Product& product) {
  constexpr std::size_t kLeastQuads = 2048;  // about a thousand cycles with AVX-512
  return product.row_count > 2 &&
         product.row_count * product.panel_count * product.quads >= kLeastQuads;
}

}  // namespace

void int8_product_amx(const Int8Product& product) {
  if (!is_worth_tiles(product)) return int8_product_avx512(product);
  AmxTiles tiles;
  TileProduct<AmxTiles>(product, tiles).run();
}

}  // namespace evalzip
