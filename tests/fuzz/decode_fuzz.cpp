// Any bytes, decoded by any codec to any size: a Fault or some bytes, but never a touch outside.
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/fuzzed_codec.h"
#include "tests/guarded_buffer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  // libbzip3 1.2.2 writes outside its buffer on hostile input (CVE-2023-29421).
  static FuzzedCodecs codecs(EVALZIP_PLUGIN_FOLDER, {"bzip3"});
  const Bytes input = std::as_bytes(std::span(data, size));
  if (input.size() < 4) return 0;
  Codec* const codec = codecs.choose(input[0], input[1]);
  if (codec == nullptr) return 0;
  const std::size_t output_size =
      std::to_integer<std::size_t>(input[2]) | std::to_integer<std::size_t>(input[3]) << 8;
  const GuardedBuffer encoded(input.subspan(4)), output(output_size);
  const Result<std::size_t> written = codec->decode(encoded.bytes(), output.bytes());
  if (!output.intact() || (written && written.value() != output_size)) std::abort();
  return 0;
}
