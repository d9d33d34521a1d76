#include "cli/container_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "cli/model_places.h"
#include "corpora/corpus.h"
#include "corpora/model_store.h"

namespace evalzip {
namespace {

struct Shipped {
  std::string_view codec, plugin, library;  // the library by Debian's name
};

// What evalzip must find when it is built, for these codecs to be part of it.
constexpr std::array<Shipped, 17> kShipped{{{"zlib", "zlib", "zlib1g-dev"},
                                            {"libdeflate", "libdeflate", "libdeflate-dev"},
                                            {"igzip", "igzip", "libisal-dev"},
                                            {"zopfli", "zopfli", "libzopfli-dev"},
                                            {"zstd", "zstd", "libzstd-dev"},
                                            {"shuffle", "shuffle", "libzstd-dev"},
                                            {"brotli", "brotli", "libbrotli-dev"},
                                            {"lz4", "lz4", "liblz4-dev"},
                                            {"lz4hc", "lz4", "liblz4-dev"},
                                            {"snappy", "snappy", "libsnappy-dev"},
                                            {"lzo1x", "lzo", "liblzo2-dev"},
                                            {"lzo1x_999", "lzo", "liblzo2-dev"},
                                            {"xz", "xz", "liblzma-dev"},
                                            {"lzma", "xz", "liblzma-dev"},
                                            {"lzip", "lzip", "liblz-dev"},
                                            {"bzip2", "bzip2", "libbz2-dev"},
                                            {"bzip3", "bzip3", "libbzip3-dev"}}};

std::string how_to_get(const Program& program, const std::string& codec) {
  const auto shipped = std::ranges::find(kShipped, codec, &Shipped::codec);
  const std::string_view plugin = shipped == kShipped.end() ? codec : shipped->plugin;
  for (const PluginFailure& failure : program.installed.unloadable) {
    const bool is_plugin = failure.file.stem().string() == plugin;
    if (is_plugin || failure.reason.starts_with(codec + ":")) return failure.reason;
  }
  if (shipped != kShipped.end()) {
    return fmt::format("install {} (Debian's name) and build evalzip again", shipped->library);
  }
  return "it is none of evalzip's own: put its plugin into EVALZIP_PLUGIN_PATH, or the file that "
         "defines its command into EVALZIP_COMMANDS";
}

// Whoever decodes has other folders: a model goes by the name of its file.
std::string without_folders(std::string spec, const std::string& model) {
  const std::string name = std::filesystem::path(model).filename().string();
  const std::size_t at = spec.find(model);
  if (!model.empty() && at != std::string::npos) spec.replace(at, model.size(), name);
  return spec;
}

std::string with_model(std::string spec, const std::string& model) {
  const std::string key = std::string(kModelParameter) + "=";
  const std::size_t begin = spec.find(key);
  if (model.empty()) return spec;
  if (begin == std::string::npos) {
    return spec + (spec.find(':') == std::string::npos ? ':' : ',') + key + model;
  }
  const std::size_t value = begin + key.size();
  return spec.replace(value, std::min(spec.find(',', value), spec.size()) - value, model);
}

// The name of the manifest's model with this hash; empty if none has it.
std::string model_called_by(const std::string& sha256, const CorpusPlaces& places) {
  Progress silent;
  for (const ModelManifest& model : read_model_manifests(places, silent)) {
    if (model.identity && model.identity->sha256 == sha256) return model.name();
  }
  return "";
}

// Puts the model called `name` into the spec if it has that hash, or else says why not.
std::string try_model(CodecSpec& spec, const std::string& name, const std::string& sha256,
                      const CorpusPlaces& places) {
  Progress silent;
  try {
    spec.model = find_model(name, places, silent);
  } catch (const SpecError& error) {
    return error.what();
  } catch (const CorpusError& error) {
    return error.what();
  }
  if (!spec.model.missing.empty() || spec.model.sha256 == sha256) return spec.model.missing;
  return fmt::format("{} is another one, with SHA-256 {}", spec.model.file, spec.model.sha256);
}

// By the name in the spec, or by any other that a manifest gives to this hash.
void find_model_to_read(CodecSpec& spec, const EvzHeader& header) {
  const CorpusPlaces places = places_from_environment();
  const std::string& sha256 = header.model_sha256;
  const std::string why = try_model(spec, spec.params.text(kModelParameter), sha256, places);
  if (why.empty()) return;
  const std::string known = model_called_by(sha256, places);
  if (!known.empty() && try_model(spec, known, sha256, places).empty()) return;
  throw SpecError(fmt::format(
      "it wants the model with SHA-256 {} for {}: {}; {}", sha256, header.codec, why,
      known.empty() ? "get that file from where it was encoded and name it with --model FILE"
                    : "say `evalzip model fetch " + known + "`"));
}

// The setting that a header names; `context` begins the message if there is none here.
template <class Context>
CodecSpec setting_of(const Registry& codecs, const std::string& text, Context context) {
  try {
    return parse_codec_spec(codecs, text);
  } catch (const SpecError& error) {
    throw SpecError(fmt::format("{}: {}", context(), error.what()));
  }
}

ContainerCodec ready(CodecSpec spec, EvzHeader header) {
  CodecMaker make = [spec] { return spec.codec->make(spec.located_params()); };
  return {.spec = std::move(spec), .header = std::move(header), .make = std::move(make)};
}

}  // namespace

ContainerCodec codec_to_write(const Program& program, const std::string& codec,
                              std::uint32_t block_bytes) {
  std::vector<CodecSpec> specs{parse_codec_spec(program.installed.codecs, codec)};
  Progress silent;
  find_models(specs, places_from_environment(), silent);
  CodecSpec& spec = specs.front();
  if (!spec.model.missing.empty()) throw SpecError(spec.model.missing);
  const std::string model =
      spec.codec->traits.needs_model ? spec.params.text(kModelParameter) : std::string();
  EvzHeader header{.block_bytes = block_bytes,
                   .codec = without_folders(spec.canonical(), model),
                   .codec_version = spec.codec->version,
                   .model_sha256 = spec.model.sha256};
  return ready(std::move(spec), std::move(header));
}

ContainerCodec codec_to_read(const Program& program, const EvzHeader& header,
                             const std::string& model) {
  const std::string name = header.codec.substr(0, header.codec.find(':'));
  const CodecInfo* const info = program.installed.codecs.find(name);
  const std::string wanted =
      fmt::format("it wants the codec {}, version {}", header.codec, header.codec_version);
  if (info == nullptr) {
    throw SpecError(fmt::format("{}, which is not here: {}", wanted, how_to_get(program, name)));
  }
  CodecSpec spec = setting_of(program.installed.codecs, with_model(header.codec, model), [&] {
    return fmt::format("{}; here is version {}", wanted, info->version);
  });
  if (spec.codec->traits.needs_model) find_model_to_read(spec, header);
  return ready(std::move(spec), header);
}

std::uint64_t memory_needed(const ContainerCodec& codec, std::uint64_t block_bytes,
                            unsigned threads) {
  const CodecInfo& info = *codec.spec.codec;
  if (!info.memory_bytes) return 0;
  constexpr std::uint64_t kProgram = 20'000'000;  // itself, its libraries, the stacks
  const std::uint64_t slots = threads + 1;
  const std::uint64_t slot = block_bytes + codec.make()->bound(block_bytes);
  const std::uint64_t coder = info.memory_bytes(codec.spec.located_params(), block_bytes);
  return kProgram + threads * coder + slots * slot;
}

}  // namespace evalzip
