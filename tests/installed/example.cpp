// What a program of someone else may do with the library: list codecs, code a block, write and read
// an .evz file in memory. Prints the sizes; exits with 1 if anything came back wrong.
#include <evalzip/codec_spec.h>
#include <evalzip/evz_stream.h>
#include <evalzip/plugin.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace {

using evalzip::Bytes;

evalzip::ByteSource source_of(Bytes bytes) {
  return [bytes](evalzip::MutableBytes buffer) mutable {
    const std::size_t size = std::min(buffer.size(), bytes.size());
    std::copy_n(bytes.begin(), size, buffer.begin());
    bytes = bytes.subspan(size);
    return size;
  };
}

evalzip::ByteSink sink_of(std::vector<std::byte>& bytes) {
  return [&bytes](Bytes more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
}

bool block_goes_there_and_back(const evalzip::CodecSpec& spec, Bytes text) {
  const std::unique_ptr<evalzip::Codec> codec = spec.codec->make(spec.params);
  std::vector<std::byte> encoded(codec->bound(text.size())), decoded(text.size());
  const auto written = codec->encode(text, encoded);
  if (!written) return false;
  encoded.resize(written.value());
  std::printf("%s %zu\n", spec.canonical().c_str(), encoded.size());
  return codec->decode(encoded, decoded) && std::equal(text.begin(), text.end(), decoded.begin());
}

bool file_goes_there_and_back(const evalzip::CodecSpec& spec, Bytes text) {
  std::vector<std::byte> file, back;
  const evalzip::EvzWork work{.make = [&] { return spec.codec->make(spec.params); }, .threads = 2};
  evalzip::compress(
      {.block_bytes = 1000, .codec = spec.canonical(), .codec_version = spec.codec->version}, work,
      source_of(text), sink_of(file));
  const evalzip::ByteSource source = source_of(file);
  evalzip::decompress(evalzip::read_evz_header(source), work, source, sink_of(back));
  return std::equal(text.begin(), text.end(), back.begin(), back.end());
}

}  // namespace

int main() {
  evalzip::Registry registry = evalzip::builtin_codecs();
  for (const auto& failure : evalzip::load_plugin_folder(registry, PLUGIN_FOLDER)) {
    std::fprintf(stderr, "not loaded: %s\n", failure.reason.c_str());
  }
  std::string words;
  for (int i = 0; i < 500; ++i) words += "line " + std::to_string(i) + " of the example\n";
  const Bytes text = std::as_bytes(std::span(words));
  bool right = true;
  for (const auto& spec : evalzip::parse_codec_list(registry, "huffman,rans:order=1,ppm,zlib:9")) {
    right = block_goes_there_and_back(spec, text) && file_goes_there_and_back(spec, text) && right;
  }
  return right ? 0 : 1;
}
