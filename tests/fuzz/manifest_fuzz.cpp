// Any text as a manifest of a corpus and of a model: read, or refused in words that name the file.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "corpora/corpus.h"
#include "corpora/manifest.h"
#include "corpora/model_manifest.h"

namespace {

template <class Parse>
void parse_or_refuse(Parse parse) {
  try {
    static_cast<void>(parse());
  } catch (const evalzip::CorpusError& error) {
    if (std::string(error.what()).find("fuzzed.json") == std::string::npos) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  parse_or_refuse([&] { return parse_manifest(text, "fuzzed.json"); });
  parse_or_refuse([&] { return parse_model_manifest(text, "fuzzed.json"); });
  return 0;
}
