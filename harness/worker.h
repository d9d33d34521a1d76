// The worker process: one codec setting on one document in one direction. Whatever the codec does,
// crash, hang, grow or lie, stays in here.
#pragma once

namespace evalzip {

// Reads a WorkerRequest from standard input, loads the plugin that has its codec, if it is in one,
// and answers on kReplyDescriptor. Returns the exit code.
int run_worker();

}  // namespace evalzip
