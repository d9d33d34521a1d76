// Attention of a batch of rows to the keys and values of their own segments.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "codecs/llm/aligned_vector.h"
#include "codecs/llm/engine_kernels.h"
#include "codecs/llm/key_value_cache.h"
#include "codecs/llm/thread_team.h"

namespace evalzip {

// Successive rows of one segment: row r + i is at position + i and sees all positions up to its
// own.
struct RowRun {
  const KeyValueCache* cache;
  std::size_t first_row, rows, position;
};

// Scores are products of wide queries with int8 keys, sums of values are products of wide weights
// with int8 values, so a row's result depends on nothing but its query and its segment's past. The
// queries of all heads that share keys are rows of the same product.
class Attention {
 public:
  Attention(const TransformerShape& shape, ThreadTeam& team, const EngineKernels& kernels)
      : shape_(shape), team_(team), kernels_(kernels), scratch_(team.size()) {}

  // queries: rows of `query_stride` numbers, whose first are the heads one after the other.
  // out: rows of `out_stride` numbers.
  void run(std::size_t layer, std::span<const RowRun> runs, const float* queries,
           std::size_t query_stride, float* out, std::size_t out_stride);

 private:
  // Part of a run, and one head of keys.
  struct Job {
    RowRun run;
    std::size_t key_head;
  };

  struct Scratch {
    AlignedVector<std::uint8_t> queries, weights;
    AlignedVector<std::int32_t> products;
    AlignedVector<float> scores, factors, head;
  };

  void add_jobs(const RowRun& run);
  void quantise_queries(const Job& job, const float* queries, std::size_t stride, Scratch& scratch);
  void weigh_values(const Job& job, std::size_t layer, Scratch& scratch);
  void sum_values(const Job& job, std::size_t layer, Scratch& scratch, float* out,
                  std::size_t stride);

  // Rows of a job: for each row of its run, the heads that share the keys.
  std::size_t group() const { return shape_.heads / shape_.key_heads; }

  TransformerShape shape_;
  ThreadTeam& team_;
  const EngineKernels& kernels_;
  std::vector<Job> jobs_;
  std::vector<Scratch> scratch_;  // of each thread
};

}  // namespace evalzip
