// Every kernel of int8 products gives the int32 of the definition.
#include <gtest/gtest.h>

#include "codecs/llm/engine_kernels.h"
#include "tests/emulated_tiles.h"
#include "tests/int8_example.h"
#include "tests/strided_product.h"

namespace evalzip {
namespace {

std::string described(const ProductShape& shape) {
  return std::to_string(shape.rows) + " rows, " + std::to_string(shape.panels) + " panels, " +
         std::to_string(shape.quads) + " quads, bias " + std::to_string(shape.bias);
}

void expect_definition_of_all_kernels(const ProductShape& shape, std::uint64_t seed) {
  ProductExample example(shape, seed);
  const std::vector<std::int32_t> definition = example.definition();
  for (const EngineKernels& kernels : engine_kernels()) {
    std::fill(example.out.begin(), example.out.end(), 12345);
    kernels.product(example.product);
    ASSERT_EQ(example.out, definition)
        << to_string(kernels.isa) << ", " << described(shape) << ", seed " << seed;
  }
}

TEST(Int8Product, EveryKernelGivesTheSumsOfTheDefinition) {
  std::uint64_t seed = 1;
  for (const std::size_t rows : {1, 2, 3, 5, 7, 8, 9, 16, 17, 31, 33, 64}) {
    for (const std::size_t panels : {1, 2, 3, 4, 5, 6}) {
      for (const std::size_t quads : {1, 2, 15, 16, 17, 40}) {
        for (const std::uint8_t bias : {std::uint8_t{0}, kRowBias}) {
          expect_definition_of_all_kernels({rows, panels, quads, bias}, ++seed);
        }
      }
    }
  }
}

TEST(Int8Product, EveryKernelGivesTheSumsOfTheDefinitionAroundTheEdgesOfTiles) {
  std::uint64_t seed = 1000;
  for_shapes_around_tiles(
      [&](const ProductShape& shape) { expect_definition_of_all_kernels(shape, ++seed); });
}

// For the processors without AMX, which are most.
TEST(Int8Product, ProductsCutIntoTilesAreThoseOfTheDefinition) {
  std::uint64_t seed = 5000;
  for_shapes_around_tiles([&](const ProductShape& shape) {
    ProductExample example(shape, ++seed);
    EmulatedTiles tiles;
    TileProduct<EmulatedTiles>(example.product, tiles).run();
    ASSERT_EQ(example.out, example.definition()) << described(shape) << ", seed " << seed;
    ASSERT_FALSE(tiles.configured()) << "tiles are given back";
  });
}

TEST(Int8Product, NoKernelReadsOrWritesBesideItsRowsAndPanels) {
  std::uint64_t seed = 9000;
  for_shapes_around_tiles([&](const ProductShape& shape) {
    const ProductExample example(shape, ++seed);
    const std::vector<std::int32_t> definition = example.definition();
    const auto expect_definition = [&](const char* kernel, const auto& multiply) {
      StridedProduct strided(example);
      multiply(strided.product());
      ASSERT_EQ(strided.sums(), definition) << kernel << ", " << described(shape);
      ASSERT_TRUE(strided.intact()) << kernel << ", " << described(shape);
    };
    for (const EngineKernels& kernels : engine_kernels()) {
      expect_definition(to_string(kernels.isa).data(), kernels.product);
    }
    expect_definition("emulated tiles", [](const Int8Product& product) {
      EmulatedTiles tiles;
      TileProduct<EmulatedTiles>(product, tiles).run();
    });
  });
}

TEST(Int8Product, TheLargestSumsFit) {
  for (const EngineKernels& kernels : engine_kernels()) {
    ProductExample example({3, 1, 8192, kRowBias}, 7);
    std::fill(example.rows.begin(), example.rows.end(), std::uint8_t{1});  // -127
    std::fill(example.panels.begin(), example.panels.end(), std::int8_t{-127});
    std::fill(example.corrections.begin(), example.corrections.end(), 128 * 127 * 4 * 8192);
    kernels.product(example.product);
    EXPECT_EQ(example.out, std::vector<std::int32_t>(48, 127 * 127 * 4 * 8192));
  }
}

}  // namespace
}  // namespace evalzip
