// A machine of tiles, for products of int8 as AMX makes them. It is as strict as the processor:
// tiles have to be configured, fit each other, and are lost when they are configured again.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "codecs/llm/int8_product_tiles.h"

namespace evalzip {

class EmulatedTiles {
 public:
  void configure(const TileConfiguration& configuration) {
    require(configuration.palette == 1 && configuration.start_row == 0, "the palette is known");
    for (std::size_t i = 0; i < 16; ++i) {
      require(i < 8 || (configuration.rows[i] == 0 && configuration.row_bytes[i] == 0), "8 tiles");
      require(configuration.rows[i] <= 16 && configuration.row_bytes[i] <= 64, "tiles fit");
      require((configuration.rows[i] == 0) == (configuration.row_bytes[i] == 0),
              "tiles have areas");
    }
    configuration_ = configuration;
    tiles_ = {};
    configured_ = true;
  }

  void release() { configured_ = false; }
  bool configured() const { return configured_; }

  template <int kTile>
  void load(const void* from, std::size_t stride) {
    clear<kTile>();
    for (std::size_t row = 0; row < rows(kTile); ++row) {
      std::memcpy(tiles_[kTile][row].data(), static_cast<const char*>(from) + row * stride,
                  bytes(kTile));
    }
  }

  template <int kTile>
  void store(void* to, std::size_t stride) const {
    for (std::size_t row = 0; row < rows(kTile); ++row) {
      std::memcpy(static_cast<char*>(to) + row * stride, tiles_[kTile][row].data(), bytes(kTile));
    }
  }

  template <int kTile>
  void clear() {
    require(configured_ && rows(kTile) != 0, "the tile is configured");
    tiles_[kTile] = {};
  }

  template <int kSums, int kRows, int kWeights>
  void dot() {
    require(configured_ && kSums != kRows && kRows != kWeights && kSums != kWeights, "three tiles");
    require(rows(kSums) == rows(kRows) && bytes(kSums) == bytes(kWeights) &&
                bytes(kRows) == 4 * rows(kWeights),
            "tiles fit each other");
    for (std::size_t row = 0; row < rows(kSums); ++row) {
      for (std::size_t at = 0; at < bytes(kSums); at += 4) {
        std::uint32_t sum;
        std::memcpy(&sum, &tiles_[kSums][row][at], sizeof sum);
        for (std::size_t k = 0; k < bytes(kRows); ++k) {
          const auto weight = static_cast<std::int8_t>(tiles_[kWeights][k / 4][at + k % 4]);
          sum += static_cast<std::uint32_t>(tiles_[kRows][row][k] * weight);
        }
        std::memcpy(&tiles_[kSums][row][at], &sum, sizeof sum);
      }
    }
  }

 private:
  static void require(bool met, const char* what) {
    if (!met) throw std::logic_error(what);
  }

  std::size_t rows(int tile) const { return configuration_.rows[tile]; }
  std::size_t bytes(int tile) const { return configuration_.row_bytes[tile]; }

  using Tile = std::array<std::array<std::uint8_t, 64>, 16>;
  TileConfiguration configuration_;
  std::array<Tile, 8> tiles_ = {};
  bool configured_ = false;
};

}  // namespace evalzip
