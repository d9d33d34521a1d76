// The product of a batch of rows with a matrix, shared by a team of threads.
#pragma once

#include <algorithm>
#include <vector>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/engine_kernels.h"
#include "codecs/llm/packed_matrix.h"
#include "codecs/llm/quantised_rows.h"
#include "codecs/llm/thread_team.h"

namespace evalzip {

class BatchProduct {
 public:
  BatchProduct(ThreadTeam& team, const EngineKernels& kernels)
      : team_(team), kernels_(kernels), sums_(team.size()) {}

  // Calls use(row, first_column, sums) for each row and each run of columns, a whole even number of
  // panels or up to the last, from any thread. The matrix is cut so that a run's sums stay in
  // cache.
  template <class Use>
  void run(const QuantisedRows& rows, const PackedMatrix& matrix, const Use& use) {
    const std::size_t chunk = panels_of_a_chunk(rows.byte_rows(), matrix.panels());
    team_.for_each((matrix.panels() + chunk - 1) / chunk, [&](std::size_t index, unsigned thread) {
      const std::size_t first = index * chunk;
      const std::size_t panels = std::min(chunk, matrix.panels() - first);
      const std::size_t columns = panels * kPanelColumns;
      AlignedVector<std::int32_t>& sums = sums_[thread];
      if (sums.size() < rows.byte_rows() * columns) sums.resize(rows.byte_rows() * columns);
      Int8Product product = matrix.product(first, panels);
      product.rows = rows.bytes();
      product.row_count = rows.byte_rows();
      product.row_stride = rows.stride();
      product.out = sums.data();
      product.out_stride = columns;
      kernels_.product(product);
      const bool wide = rows.precision() == Precision::wide;
      for (std::size_t row = 0; row < rows.count(); ++row) {
        const std::int32_t* high = sums.data() + row * columns;
        use(row, first * kPanelColumns,
            RowSums{.high = high,
                    .low = wide ? high + rows.count() * columns : nullptr,
                    .column_scales = matrix.scales() + first * kPanelColumns,
                    .row_scale = rows.scale(row),
                    .count = columns});
      }
    });
  }

 private:
  // A multiple of 6: kernels take three panels at once, and gates and values are in pairs.
  std::size_t panels_of_a_chunk(std::size_t byte_rows, std::size_t panels) const {
    constexpr std::size_t kCacheBytes = 96 << 10;
    const std::size_t fitting =
        kCacheBytes / (byte_rows * kPanelColumns * sizeof(std::int32_t)) / 6 * 6;
    const std::size_t share = (panels / (2 * team_.size()) + 5) / 6 * 6;
    return std::clamp<std::size_t>(std::min(fitting, share), 6, 48);
  }

  ThreadTeam& team_;
  const EngineKernels& kernels_;
  std::vector<AlignedVector<std::int32_t>> sums_;  // of each thread
};

}  // namespace evalzip
