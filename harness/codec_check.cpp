#include "harness/codec_check.h"

#include <fmt/format.h>

namespace evalzip {
namespace {

// A codec that takes longer to make has at least understood its parameters.
constexpr std::chrono::duration<double> kPatience{10};

}  // namespace

void check_codecs(const std::vector<CodecSpec>& codecs, WorkerProcess& process,
                  const std::function<bool()>& interrupted) {
  const AnonymousFile nothing;
  for (const CodecSpec& spec : codecs) {
    if (!spec.model.missing.empty()) continue;
    const WorkerRequest request{.phase = Phase::create,
                                .codec = spec.canonical(),
                                .plugin = spec.codec->plugin,
                                .model_file = spec.model.file};
    const auto reply =
        process.run(request, {.document = nothing.descriptor(), .encoded = nothing.descriptor()},
                    kPatience, interrupted);
    if (!reply) return;
    if (!reply->bad_request.empty()) {
      throw SpecError(fmt::format("--codec {}: {}", spec.canonical(), reply->bad_request));
    }
  }
}

}  // namespace evalzip
