// Prints a digest of what our own codecs write, for every input that the tests think of and some
// larger ones: two machines that print the same write the same bytes. Not a test by itself.
#include <cstdint>
#include <cstdio>
#include <string>

#include "codecs/codec_spec.h"
#include "tests/nasty_inputs.h"

namespace evalzip {
namespace {

// FNV-1a (Fowler, Noll, Vo 1991).
std::uint64_t digest(Bytes bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::byte byte : bytes) {
    hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3;
  }
  return hash;
}

std::vector<NamedInput> inputs() {
  std::vector<NamedInput> all = nasty_inputs();
  all.push_back({"large text", text_input(51, 1'300'000)});
  all.push_back({"large noise", random_input(52, 300'000)});
  all.push_back({"few symbols", random_input(53, 700'000, 3)});
  return all;
}

void print_digests(const CodecSpec& spec) {
  const auto codec = spec.codec->make(spec.params);
  for (const NamedInput& input : inputs()) {
    Input output(codec->bound(input.bytes.size()));
    const Result<std::size_t> size = codec->encode(input.bytes, output);
    const Bytes encoded = Bytes(output).first(size ? size.value() : 0);
    std::printf("%s, %s: %zu bytes, %016llx\n", spec.canonical().c_str(), input.name.c_str(),
                encoded.size(), static_cast<unsigned long long>(digest(encoded)));
  }
}

}  // namespace
}  // namespace evalzip

int main() {
  using namespace evalzip;
  const Registry registry = builtin_codecs();
  constexpr const char* kSpecs =
      "huffman,huffman:delta=2,rans:order=0,rans:order=1,arithmetic:order=0,arithmetic:order=1,"
      "arithmetic:order=2,arithmetic:model=static,arithmetic:order=1,model=binary,arithmetic:model="
      "kt";
  for (const CodecSpec& spec : parse_codec_list(registry, kSpecs)) print_digests(spec);
}
