// Any text as a list of codecs, a command and a file of commands: taken, or refused in words. What
// is taken has one name, and that name stands for itself.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "codecs/codec_spec.h"
#include "codecs/command_definition.h"

namespace {

template <class Parse>
void parse_or_refuse(Parse parse) {
  try {
    parse();
  } catch (const evalzip::SpecError& error) {
    if (std::string(error.what()).empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  static const Registry registry = builtin_codecs();
  const std::string text(reinterpret_cast<const char*>(data), size);
  parse_or_refuse([&] {
    for (const CodecSpec& spec : parse_codec_list(registry, text)) {
      const std::string name = spec.canonical();
      if (parse_codec_spec(registry, name).canonical() != name) std::abort();
    }
  });
  parse_or_refuse([&] { static_cast<void>(parse_command(std::string(kCommandPrefix) + text)); });
  parse_or_refuse([&] { static_cast<void>(parse_commands(text, "fuzzed.json")); });
  return 0;
}
