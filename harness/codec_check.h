// Asks every codec setting of a run, before anything is measured, whether it accepts its
// parameters.
#pragma once

#include <functional>
#include <vector>

#include "codecs/codec_spec.h"
#include "harness/worker_process.h"

namespace evalzip {

// Each codec is made in a worker process, so that one that crashes here harms nothing: it will be
// an outcome of its cells. Throws SpecError with the first setting that its codec refuses and why.
void check_codecs(const std::vector<CodecSpec>& codecs, WorkerProcess& process,
                  const std::function<bool()>& interrupted);

}  // namespace evalzip
