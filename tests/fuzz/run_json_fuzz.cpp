// Any text as a run, a record and a document: refused in words, or read to what can be written
// again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/json_document.h"
#include "harness/record_json.h"

namespace {

template <class Parse>
void parse_or_refuse(Parse parse) {
  try {
    parse();
  } catch (const evalzip::RecordError& error) {
    if (std::string(error.what()).empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evalzip;
  const std::string text(reinterpret_cast<const char*>(data), size);
  parse_or_refuse([&] { static_cast<void>(parse_json_document(text)); });
  parse_or_refuse([&] { static_cast<void>(parse_record(text)); });
  parse_or_refuse([&] {
    const std::string written = format_run(parse_run(text));
    if (format_run(parse_run(written)) != written) std::abort();
  });
  return 0;
}
