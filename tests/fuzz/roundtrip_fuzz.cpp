// Any bytes, encoded by any codec: they come back, and the encoding keeps to its bound.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/fuzzed_codec.h"
#include "tests/guarded_buffer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  static FuzzedCodecs codecs(EVALZIP_PLUGIN_FOLDER, {});
  const Bytes bytes = std::as_bytes(std::span(data, size));
  if (bytes.size() < 2) return 0;
  Codec* const codec = codecs.choose(bytes[0], bytes[1]);
  if (codec == nullptr) return 0;
  const GuardedBuffer input(bytes.subspan(2));
  const GuardedBuffer room(codec->bound(input.bytes().size()));
  const Result<std::size_t> written = codec->encode(input.bytes(), room.bytes());
  if (!written || written.value() > room.bytes().size() || !room.intact()) std::abort();
  const GuardedBuffer encoded(room.bytes().first(written.value()));
  const GuardedBuffer output(input.bytes().size());
  const Result<std::size_t> decoded = codec->decode(encoded.bytes(), output.bytes());
  if (!decoded || !output.intact()) std::abort();
  if (!std::ranges::equal(output.bytes(), input.bytes())) std::abort();
  return 0;
}
