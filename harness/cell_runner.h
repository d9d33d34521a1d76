// One round of one cell: a worker that encodes, then another that decodes what the first wrote.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "harness/journal.h"
#include "harness/plan.h"
#include "harness/worker_process.h"

namespace evalzip {

// How one round measures.
struct RoundSettings {
  unsigned round = 0;
  unsigned samples = 0;             // per direction
  double sampling_seconds = 0;      // no new sample begins after this, per direction
  double setup_multiple = 0;        // as in WorkerRequest
  bool count_instructions = false;  // by the processor
  std::optional<std::chrono::duration<double>> timeout;  // per worker
};

class CellRunner {
 public:
  CellRunner(const Plan& plan, WorkerProcess process, std::function<bool()> interrupted);

  // Absent if the user interrupted. The round's record has the outcome of whatever went wrong
  // first.
  std::optional<RoundResult> run(const Cell& cell, const RoundSettings& settings);

  // Seconds of the first encode and decode call of the last round that ran.
  struct FirstCalls {
    double encode_seconds = 0, decode_seconds = 0;
  };
  const FirstCalls& first_calls() const { return first_calls_; }

  // The file that holds the encoded bytes of the last round that was ok, end to end.
  int encoded_descriptor() const { return encoded_.descriptor(); }

 private:
  WorkerRequest request_for(const Cell& cell, const RoundSettings& settings) const;
  bool measure(WorkerRequest request, int document, const RoundSettings& settings,
               RoundResult& result);
  std::optional<WorkerReply> ask(WorkerRequest& request, int document,
                                 const RoundSettings& settings);

  const Plan& plan_;
  WorkerProcess process_;
  std::function<bool()> interrupted_;
  AnonymousFile encoded_;
  FirstCalls first_calls_;
};

}  // namespace evalzip
