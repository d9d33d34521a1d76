// The product of a batch of rows with a matrix, shared by a team of threads.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/engine_kernels.h"
#include "codecs/llm/packed_matrix.h"
#include "codecs/llm/quantised_rows.h"
#include "codecs/llm/thread_team.h"

namespace evalzip {

// Some columns of a row of a product, the first of which is `column`.
struct ProductPart {
  std::size_t row, column;
  unsigned thread;
};

// Of rows and `panels` of a matrix, from `first` on; the place of the sums is left to be filled in.
inline Int8Product product_of(const QuantisedRows& rows, const PackedMatrix& matrix,
                              std::size_t first, std::size_t panels) {
  Int8Product product = matrix.product(first, panels);
  product.rows = rows.bytes();
  product.row_count = rows.count();
  product.row_stride = rows.stride();
  return product;
}

class BatchProduct {
 public:
  // Sums that a thread works on: they stay in cache.
  static constexpr std::size_t kSumBytes = 600 << 10;

  BatchProduct(ThreadTeam& team, const EngineKernels& kernels)
      : team_(team), kernels_(kernels), sums_(team.size()) {}

  // Calls use(part, sums) for each row and each run of columns, a whole even number of panels or up
  // to the last, from any thread. The matrix is cut so that a run's sums stay in cache.
  template <class Use>
  void run(const QuantisedRows& rows, const PackedMatrix& matrix, const Use& use) {
    const std::size_t chunk = panels_of_a_chunk(rows.count(), matrix.panels());
    team_.for_each((matrix.panels() + chunk - 1) / chunk, [&](std::size_t index, unsigned thread) {
      const std::size_t first = index * chunk;
      const std::size_t panels = std::min(chunk, matrix.panels() - first);
      const std::size_t columns = panels * kPanelColumns;
      Int8Product product = product_of(rows, matrix, first, panels);
      product.out = at_least(sums_[thread], rows.count() * columns);
      product.out_stride = columns;
      kernels_.product(product);
      for (std::size_t row = 0; row < rows.count(); ++row) {
        std::int32_t* sums = product.out + row * columns;
        add_outliers(rows.outliers(row), product, sums);
        use(ProductPart{.row = row, .column = first * kPanelColumns, .thread = thread},
            RowSums{.sums = sums,
                    .column_scales = matrix.scales() + first * kPanelColumns,
                    .row_scale = rows.scale(row),
                    .count = columns});
      }
    });
  }

 private:
  void add_outliers(std::span<const Outlier> outliers, const Int8Product& product,
                    std::int32_t* sums) const {
    if (outliers.empty()) return;
    kernels_.rows.add_outliers({.outliers = outliers.data(),
                                .count = outliers.size(),
                                .panels = product.panels,
                                .panel_count = product.panel_count,
                                .panel_stride = product.panel_stride,
                                .sums = sums});
  }

  // A multiple of 6: kernels take three panels at once, and gates and values are in pairs.
  std::size_t panels_of_a_chunk(std::size_t rows, std::size_t panels) const {
    const std::size_t fitting = kSumBytes / (rows * kPanelColumns * sizeof(std::int32_t)) / 6 * 6;
    const std::size_t share = (panels / (2 * team_.size()) + 5) / 6 * 6;
    return std::clamp<std::size_t>(std::min(fitting, share), 6, 48);
  }

  ThreadTeam& team_;
  const EngineKernels& kernels_;
  std::vector<AlignedVector<std::int32_t>> sums_;  // of each thread
};

}  // namespace evalzip
