// The logits of a batch of rows: their products with the head, in units of 1/256 of a factor 2.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/batch_product.h"
#include "codecs/llm/engine_kernels.h"
#include "codecs/llm/logits.h"
#include "codecs/llm/packed_matrix.h"
#include "codecs/llm/quantised_rows.h"
#include "codecs/llm/thread_team.h"

namespace evalzip {

class HeadProduct {
 public:
  HeadProduct(ThreadTeam& team, const EngineKernels& kernels)
      : team_(team), kernels_(kernels), product_(team, kernels) {}

  // Memory for that many rows and one thread.
  static std::uint64_t bytes(std::size_t rows, std::size_t vocabulary) {
    return std::uint64_t{rows} * (vocabulary + kPanelColumns + kLargestLanes) *
           sizeof(std::int16_t);
  }

  void run(const QuantisedRows& rows, const PackedMatrix& head) {
    rows_ = rows.count();
    vocabulary_ = head.columns();
    stride_ = head.padded_columns();
    logits_.resize(rows_ * stride_);
    largest_.assign(team_.size() * rows_ * kLargestLanes, INT16_MIN);
    if (kernels_.logits != nullptr) {
      run_at_once(rows, head);
    } else {
      run_by_sums(rows, head);
    }
  }

  // Of a row of the last batch.
  Logits logits(std::size_t row) const {
    std::int16_t largest = INT16_MIN;
    for (unsigned thread = 0; thread < team_.size(); ++thread) {
      const std::int16_t* of_lanes = largest_.data() + (thread * rows_ + row) * kLargestLanes;
      largest = std::max(largest, *std::max_element(of_lanes, of_lanes + kLargestLanes));
    }
    return {std::span(logits_).subspan(row * stride_, vocabulary_), largest};
  }

 private:
  void run_at_once(const QuantisedRows& rows, const PackedMatrix& head) {
    // In panels, of which kernels take three at once; each thread has two parts at least.
    const std::size_t share = (head.panels() / (2 * team_.size()) + 2) / 3 * 3;
    const std::size_t chunk = std::clamp<std::size_t>(share, 3, 48);
    team_.for_each((head.panels() + chunk - 1) / chunk, [&](std::size_t index, unsigned thread) {
      const std::size_t first = index * chunk, column = first * kPanelColumns;
      const Int8Product product =
          product_of(rows, head, first, std::min(chunk, head.panels() - first));
      kernels_.logits({.product = product,
                       .rows = rows.rows(),
                       .outliers = rows.outliers(),
                       .most_outliers = rows.most_outliers(),
                       .column_scales = head.scales() + column,
                       .columns = vocabulary_ - column,
                       .out = logits_.data() + column,
                       .out_stride = stride_,
                       .largest = largest_.data() + thread * rows_ * kLargestLanes});
    });
  }

  void run_by_sums(const QuantisedRows& rows, const PackedMatrix& head) {
    product_.run(rows, head, [&](const ProductPart& part, const RowSums& sums) {
      std::int16_t* at = logits_.data() + part.row * stride_ + part.column;
      if (part.row + kRowsAhead < rows_) ask_for_lines(at + kRowsAhead * stride_, sums.count);
      kernels_.rows.scale_logits(
          sums, std::min(sums.count, vocabulary_ - part.column), at,
          largest_.data() + (part.thread * rows_ + part.row) * kLargestLanes);
    });
  }

  static constexpr std::size_t kRowsAhead = 2;  // whose lines are asked for

  // Where rows to come will write: nothing else tells the processor, as each is far from the
  // others.
  static void ask_for_lines(const std::int16_t* at, std::size_t count) {
    constexpr std::size_t kLine = 64 / sizeof *at;
    for (std::size_t i = 0; i < count; i += kLine) __builtin_prefetch(at + i, 1);
  }

  ThreadTeam& team_;
  const EngineKernels& kernels_;
  BatchProduct product_;
  std::size_t rows_ = 0, vocabulary_ = 0, stride_ = 0;
  AlignedVector<std::int16_t> logits_;   // [row][stride]
  AlignedVector<std::int16_t> largest_;  // [thread][row][lane]: of the logits that it computed
};

}  // namespace evalzip
