// Int8 products cut into tiles, as AMX multiplies them.
//
// READ ME FIRST
//
// A machine of tiles has eight, of up to 16 rows of up to 64 bytes. dot<sums, rows, weights>() adds
// to each int32 of tile `sums` the products of four unsigned bytes of `rows` with four signed ones
// of `weights`, a row of which is 64 bytes of a panel. configure() says how large tiles are, and
// clears them all. The machine is a parameter so that tests can put an emulation in the place of
// the processor, which few have.
//
// Blocks of up to 32 rows by 2 panels, or 16 by 4, keep four tiles of sums busy. A configuration
// serves many blocks, because loading one costs as much as a dozen products of tiles. So whole
// blocks come first, then the rows that are left; and of each, first depths in whole tiles, then
// what is left of them, which goes on from the sums that were stored.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "codecs/llm/int8_product.h"

namespace evalzip {

constexpr std::size_t kTileRows = 16;
constexpr std::size_t kTileQuads = 16;
constexpr std::size_t kTileBlockRows = 2 * kTileRows;

// As the instruction LDTILECFG reads it.
struct alignas(64) TileConfiguration {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {};  // of each tile, of which there are eight
  std::uint8_t rows[16] = {};

  void set(std::size_t tile, std::size_t tile_rows, std::size_t bytes) {
    rows[tile] = static_cast<std::uint8_t>(tile_rows);
    row_bytes[tile] = static_cast<std::uint16_t>(bytes);
  }
};
static_assert(sizeof(TileConfiguration) == 64);

template <class Machine>
class TileProduct {
 public:
  TileProduct(const Int8Product& product, Machine& machine)
      : product_(product), machine_(machine) {}

  void run() {
    const std::size_t whole = product_.row_count / kTileBlockRows * kTileBlockRows;
    if (whole != 0) multiply_rows(0, whole, kTileBlockRows);
    if (whole != product_.row_count) {
      multiply_rows(whole, product_.row_count, product_.row_count - whole);
    }
    machine_.release();
  }

 private:
  // Some rows, in blocks of equal size, and some depths, in tiles of equal size.
  struct Part {
    std::size_t row, end_row, block_rows;
    std::size_t quad, end_quad, tile_quads;
  };

  void multiply_rows(std::size_t row, std::size_t end_row, std::size_t block_rows) {
    const std::size_t whole = product_.quads / kTileQuads * kTileQuads;
    const std::size_t rest = product_.quads - whole;
    if (whole != 0) multiply({row, end_row, block_rows, 0, whole, kTileQuads});
    if (rest != 0) multiply({row, end_row, block_rows, whole, product_.quads, rest});
  }

  void multiply(const Part& part) {
    if (part.block_rows > kTileRows) {
      multiply_panels<2>(part);
    } else {
      multiply_panels<1>(part);
    }
  }

  // Tiles 0 to 3 are sums, then come those of rows, and the others are weights.
  static constexpr int kFirstRows = 4;

  template <int kRowTiles>
  void multiply_panels(const Part& part) {
    configure<kRowTiles>(part);
    constexpr std::size_t kMost = 4 / kRowTiles;
    std::size_t panel = 0;
    for (; panel + kMost <= product_.panel_count; panel += kMost) {
      multiply_blocks<kRowTiles, kMost>(part, panel);
    }
    const std::size_t left = product_.panel_count - panel;
    if (left == 1) multiply_blocks<kRowTiles, 1>(part, panel);
    if constexpr (kRowTiles == 1) {
      if (left == 2) multiply_blocks<1, 2>(part, panel);
      if (left == 3) multiply_blocks<1, 3>(part, panel);
    }
  }

  template <int kRowTiles>
  void configure(const Part& part) {
    TileConfiguration configuration;
    for (int tile = 0; tile < 8; ++tile) configuration.set(tile, part.tile_quads, kQuadBytes);
    for (int r = 0; r < kRowTiles; ++r) {
      const std::size_t rows = std::min(part.block_rows - r * kTileRows, kTileRows);
      configuration.set(kFirstRows + r, rows, part.tile_quads * kQuadDepth);
      for (int p = 0; p < 4 / kRowTiles; ++p) {
        configuration.set(sums<kRowTiles>(r, p), rows, kQuadBytes);
      }
    }
    machine_.configure(configuration);
  }

  template <int kRowTiles>
  static constexpr int sums(int row_tile, int panel) {
    return row_tile * (4 / kRowTiles) + panel;
  }

  template <int kRowTiles, int kPanels>
  void multiply_blocks(const Part& part, std::size_t panel) {
    for (std::size_t row = part.row; row < part.end_row; row += part.block_rows) {
      multiply_block<kRowTiles, kPanels>(part, row, panel);
    }
  }

  // Calls use with each number below kCount, as a type.
  template <int kCount, class Use>
  static void unrolled(const Use& use) {
    [&use]<int... kAll>(std::integer_sequence<int, kAll...>) {
      (use(std::integral_constant<int, kAll>{}), ...);
    }
    (std::make_integer_sequence<int, kCount>{});
  }

  template <int kRowTiles, int kPanels>
  void multiply_block(const Part& part, std::size_t row, std::size_t panel) {
    std::int32_t* out = product_.out + row * product_.out_stride + panel * kPanelColumns;
    const std::size_t out_bytes = product_.out_stride * sizeof(std::int32_t);
    unrolled<kRowTiles>([&](auto r) {
      unrolled<kPanels>([&](auto p) {
        begin_sums<sums<kRowTiles>(r, p)>(
            part, panel + p, out + r * kTileRows * product_.out_stride + p * kPanelColumns);
      });
    });
    for (std::size_t quad = part.quad; quad < part.end_quad; quad += part.tile_quads) {
      add_products<kRowTiles, kPanels>(row, panel, quad);
    }
    unrolled<kRowTiles>([&](auto r) {
      unrolled<kPanels>([&](auto p) {
        machine_.template store<sums<kRowTiles>(r, p)>(
            out + r * kTileRows * product_.out_stride + p * kPanelColumns, out_bytes);
      });
    });
  }

  template <int kTile>
  void begin_sums(const Part& part, std::size_t panel, const std::int32_t* stored) {
    if (part.quad != 0) {
      machine_.template load<kTile>(stored, product_.out_stride * sizeof(std::int32_t));
    } else if (product_.corrections != nullptr) {  // the same in each row
      machine_.template load<kTile>(product_.corrections + panel * kPanelColumns, 0);
    } else {
      machine_.template clear<kTile>();
    }
  }

  template <int kRowTiles, int kPanels>
  void add_products(std::size_t row, std::size_t panel, std::size_t quad) {
    constexpr int kFirstWeights = kFirstRows + kRowTiles;
    const std::uint8_t* rows = product_.rows + row * product_.row_stride + quad * kQuadDepth;
    const std::int8_t* weights =
        product_.panels + panel * product_.panel_stride + quad * kQuadBytes;
    unrolled<kRowTiles>([&](auto r) {
      machine_.template load<kFirstRows + r>(rows + r * kTileRows * product_.row_stride,
                                             product_.row_stride);
    });
    unrolled<kPanels>([&](auto p) {
      constexpr int kWeights = kFirstWeights + p % (8 - kFirstWeights);
      machine_.template load<kWeights>(weights + p * product_.panel_stride, kQuadBytes);
      unrolled<kRowTiles>([&](auto r) {
        machine_.template dot<sums<kRowTiles>(r, p), kFirstRows + r, kWeights>();
      });
    });
  }

  const Int8Product& product_;
  Machine& machine_;
};

}  // namespace evalzip
