#include "codecs/llm/int8_product.h"

namespace evalzip {

void int8_product_portable(const Int8Product& product) {
  for (std::size_t panel = 0; panel < product.panel_count; ++panel) {
    for (std::size_t row = 0; row < product.row_count; ++row) {
      const std::uint8_t* values = product.rows + row * product.row_stride;
      const std::int8_t* quad = product.panels + panel * product.panel_stride;
      std::int32_t sums[kPanelColumns] = {};
      for (std::size_t q = 0; q < product.quads; ++q, quad += kQuadBytes, values += kQuadDepth) {
        for (std::size_t column = 0; column < kPanelColumns; ++column) {
          for (std::size_t depth = 0; depth < kQuadDepth; ++depth) {
            sums[column] += (values[depth] - product.bias) * quad[column * kQuadDepth + depth];
          }
        }
      }
      std::int32_t* out = product.out + row * product.out_stride + panel * kPanelColumns;
      for (std::size_t column = 0; column < kPanelColumns; ++column) out[column] = sums[column];
    }
  }
}

}  // namespace evalzip
