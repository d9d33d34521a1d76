#include "harness/resources.h"

#include <algorithm>
#include <bit>

namespace evalzip {
namespace {

constexpr std::uint64_t kUnknownCodec = 2ull << 30;
constexpr std::uint64_t kProgram = 128ull << 20;  // the worker, its libraries and what waits for it
constexpr std::uint64_t kLeast = 512ull << 20;

unsigned own_threads(const CodecSpec& codec) {
  const auto threads =
      std::ranges::find(codec.codec->parameters, std::string("threads"), &Parameter::name);
  if (threads == codec.codec->parameters.end() || threads->kind != Parameter::Kind::integer) {
    return 1;
  }
  return static_cast<unsigned>(std::clamp<std::int64_t>(codec.params.integer("threads"), 1, 1024));
}

std::uint64_t codec_memory(const CodecSpec& codec, std::uint64_t block) {
  // A codec that needs a model tells its memory from the file, which may be missing here.
  if (!codec.codec->memory_bytes || !codec.model.missing.empty()) return kUnknownCodec;
  return codec.codec->memory_bytes(codec.located_params(), block);
}

// Half a power of two at most is wasted.
std::uint64_t rounded_up(std::uint64_t bytes) {
  const std::uint64_t power = std::bit_ceil(std::max(bytes, kLeast));
  return power / 4 * 3 >= bytes && power > kLeast ? power / 4 * 3 : power;
}

}  // namespace

ResourceClass resources_for(const CodecSpec& codec, const PlannedDocument& document,
                            const Settings& settings) {
  const std::uint64_t block = std::min(document.size, settings.block_bytes.value_or(document.size));
  const std::uint64_t buffers = 3 * document.size;
  return {.cores = settings.threads * own_threads(codec),
          .memory_bytes =
              rounded_up(kProgram + buffers + settings.threads * codec_memory(codec, block)),
          .gpus = codec.codec->traits.needs_gpu ? 1u : 0u,
          .exclusive = true};
}

}  // namespace evalzip
