// Binding: the sole translator between Codec and the C functions of a plugin.
#include "codecs/plugin.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "codecs/plugin_abi.h"

namespace evalzip {
namespace {

// A struct of ABI version 1 is whole if it reaches to the end of its last field. Later versions
// append, so a larger one is welcome and what follows is ignored.
constexpr std::size_t kWholeCodec = offsetof(evalzip_codec, decode) + sizeof(evalzip_codec::decode);
constexpr std::size_t kWholeParameter =
    offsetof(evalzip_parameter, preset) + sizeof(evalzip_parameter::preset);

// Throws std::bad_alloc for EVALZIP_NO_MEMORY: that is the machine's fault, not the bytes'.
Fault fault_of(std::int32_t status) {
  switch (status) {
    case EVALZIP_CORRUPT:
      return Fault::corrupt_input;
    case EVALZIP_TOO_SMALL:
      return Fault::output_too_small;
    case EVALZIP_UNSUPPORTED:
      return Fault::unsupported_input;
    case EVALZIP_NO_MEMORY:
      throw std::bad_alloc();
    default:
      return Fault::internal_error;
  }
}

class PluginCodec final : public Codec {
 public:
  PluginCodec(const evalzip_codec& functions, void* self)
      : functions_(functions), self_(self, functions.destroy) {}

  std::size_t bound(std::size_t size) const override { return functions_.bound(self_.get(), size); }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    std::size_t written = 0;
    const std::int32_t status =
        functions_.encode(self_.get(), address<const std::uint8_t>(input), input.size(),
                          address<std::uint8_t>(output), output.size(), &written);
    if (status != EVALZIP_OK) return fault_of(status);
    if (written > output.size()) return Fault::internal_error;
    return written;
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    const std::int32_t status =
        functions_.decode(self_.get(), address<const std::uint8_t>(input), input.size(),
                          address<std::uint8_t>(output), output.size());
    if (status != EVALZIP_OK) return fault_of(status);
    return output.size();
  }

 private:
  // The ABI promises pointers that are never null, yet those of empty spans may be.
  template <class Octet>
  Octet* address(auto bytes) {
    return bytes.data() == nullptr ? &nowhere_ : reinterpret_cast<Octet*>(bytes.data());
  }

  const evalzip_codec& functions_;
  std::unique_ptr<void, void (*)(void*)> self_;
  std::uint8_t nowhere_ = 0;
};

bool is_name(const char* text) {
  const std::string_view name = text == nullptr ? "" : text;
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Parameter checked_parameter(std::string_view codec, const evalzip_parameter& row) {
  if (row.struct_size < kWholeParameter) {
    throw SpecError(fmt::format("{}: a parameter of {} bytes, where at least {} are needed", codec,
                                row.struct_size, kWholeParameter));
  }
  if (!is_name(row.name)) {
    throw SpecError(fmt::format("{}: a parameter without a name of [a-z0-9_-]", codec));
  }
  if (row.summary == nullptr) {
    throw SpecError(fmt::format("{}: parameter {} has no summary", codec, row.name));
  }
  if (row.first > row.preset || row.preset > row.last) {
    throw SpecError(fmt::format("{}: parameter {} has preset {} outside {} to {}", codec, row.name,
                                row.preset, row.first, row.last));
  }
  return {.name = row.name,
          .summary = row.summary,
          .kind = Parameter::Kind::integer,
          .first = row.first,
          .last = row.last,
          .choices = {},
          .preset = fmt::to_string(row.preset)};
}

std::vector<Parameter> checked_parameters(const evalzip_codec& codec) {
  std::vector<Parameter> table;
  if (codec.parameters == nullptr) return table;
  for (const evalzip_parameter* const* row = codec.parameters; *row != nullptr; ++row) {
    Parameter parameter = checked_parameter(codec.name, **row);
    if (std::ranges::find(table, parameter.name, &Parameter::name) != table.end()) {
      throw SpecError(fmt::format("{}: two parameters are named {}", codec.name, parameter.name));
    }
    table.push_back(std::move(parameter));
  }
  return table;
}

std::unique_ptr<Codec> make_codec(const evalzip_codec& codec, const Params& params) {
  std::vector<std::int64_t> values;
  if (codec.parameters != nullptr) {
    for (const evalzip_parameter* const* row = codec.parameters; *row != nullptr; ++row) {
      values.push_back(params.integer((*row)->name));
    }
  }
  const char* why = nullptr;
  void* const self = codec.create(values.data(), &why);
  if (self != nullptr) return std::make_unique<PluginCodec>(codec, self);
  if (why != nullptr) throw SpecError(fmt::format("{}: {}", codec.name, why));
  throw std::bad_alloc();
}

// Looks at no field that the plugin's struct may not have.
void check_fields(const evalzip_codec& codec) {
  if (codec.struct_size < kWholeCodec) {
    throw SpecError(fmt::format(
        "a codec of {} bytes, where at least {} are needed: build it against this plugin_abi.h",
        codec.struct_size, kWholeCodec));
  }
  if (!is_name(codec.name)) throw SpecError("a codec without a name of [a-z0-9_-]");
  if (std::string_view(codec.name) == "all") {
    throw SpecError("a codec named 'all', which stands for every codec");
  }
  const bool complete = codec.version != nullptr && codec.summary != nullptr &&
                        codec.create != nullptr && codec.destroy != nullptr &&
                        codec.bound != nullptr && codec.encode != nullptr &&
                        codec.decode != nullptr;
  if (!complete) {
    throw SpecError(fmt::format("{}: every field but 'parameters' must be set", codec.name));
  }
}

CodecInfo checked_codec(const evalzip_codec& codec) {
  check_fields(codec);
  const auto has = [&](std::uint32_t trait) { return (codec.traits & trait) != 0; };
  return {.name = codec.name,
          .version = codec.version,
          .summary = codec.summary,
          .parameters = checked_parameters(codec),
          .traits = {.bit_exact = has(EVALZIP_BIT_EXACT),
                     .needs_model = has(EVALZIP_NEEDS_MODEL),
                     .needs_gpu = has(EVALZIP_NEEDS_GPU),
                     .multithreaded = has(EVALZIP_MULTITHREADED),
                     .state_per_call = has(EVALZIP_STATE_PER_CALL)},
          .make = [&codec](const Params& params) { return make_codec(codec, params); }};
}

std::vector<CodecInfo> offered_codecs(void* library) {
  using Entry = decltype(&evalzip_plugin);
  const auto entry = reinterpret_cast<Entry>(dlsym(library, "evalzip_plugin"));
  if (entry == nullptr) throw SpecError("it has no function evalzip_plugin: it is not a plugin");
  const evalzip_codec* const* codecs = entry(EVALZIP_ABI_VERSION);
  if (codecs == nullptr) {
    throw SpecError(
        fmt::format("it does not serve plugin ABI version {}: build it against this plugin_abi.h",
                    EVALZIP_ABI_VERSION));
  }
  std::vector<CodecInfo> offered;
  for (; *codecs != nullptr; ++codecs) offered.push_back(checked_codec(**codecs));
  return offered;
}

// All or nothing, so that a plugin that is refused leaves no half of itself behind.
void add_all(Registry& registry, std::vector<CodecInfo> offered) {
  Registry extended = registry;
  for (CodecInfo& codec : offered) extended.add(std::move(codec));
  registry = std::move(extended);
}

struct CloseLibrary {
  void operator()(void* library) const { dlclose(library); }
};

// load_plugin() with a message that does not yet name the file.
void load(Registry& registry, const std::filesystem::path& shared_object) {
  // A bare file name would be searched for along the system's library path.
  const std::filesystem::path file = std::filesystem::absolute(shared_object);
  std::unique_ptr<void, CloseLibrary> library(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (library == nullptr) throw SpecError(dlerror());
  std::vector<CodecInfo> offered = offered_codecs(library.get());
  for (CodecInfo& codec : offered) codec.plugin = file.string();
  add_all(registry, std::move(offered));
  static_cast<void>(library.release());
}

}  // namespace

void load_plugin(Registry& registry, const std::filesystem::path& shared_object) {
  try {
    load(registry, shared_object);
  } catch (const SpecError& error) {
    throw SpecError(
        fmt::format("cannot use the plugin '{}': {}", shared_object.string(), error.what()));
  }
}

std::vector<std::filesystem::path> plugin_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<PluginFailure> load_plugin_folder(Registry& registry,
                                              const std::filesystem::path& folder) {
  std::vector<PluginFailure> failures;
  for (const std::filesystem::path& file : plugin_files(folder)) {
    try {
      load(registry, file);
    } catch (const SpecError& error) {
      failures.push_back({.file = file, .reason = error.what()});
    }
  }
  return failures;
}

}  // namespace evalzip
