// The worker process: one codec setting on one document in one direction. Whatever the codec does,
// crash, hang, grow or lie, stays in here.
#pragma once

#include "codecs/registry.h"

namespace evalzip {

// Reads a WorkerRequest from standard input and answers on kReplyDescriptor. Returns the exit code.
int run_worker(const Registry& registry);

}  // namespace evalzip
