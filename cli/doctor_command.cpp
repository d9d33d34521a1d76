// `evalzip doctor`: is this machine fit for measuring, and is everything in its place?
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "cli/commands.h"
#include "cli/default_codecs.h"
#include "cli/exit_code.h"
#include "corpora/places.h"
#include "harness/environment.h"
#include "harness/noise.h"
#include "harness/peak_memory.h"
#include "harness/split_mix.h"

namespace evalzip {
namespace {

constexpr int kNoiseSamples = 60;
constexpr double kNoiseSampleSeconds = 0.03;
constexpr std::size_t kNoiseBytes = 256 << 10;

void line(const char* name, const std::string& value) { fmt::print("{:<9} {}\n", name, value); }

// Bytes with some order in them, so that a compressor has work to do.
std::vector<std::byte> noise_document() {
  SplitMix64 random(1);
  std::vector<std::byte> bytes(kNoiseBytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool repeat = i >= 64 && random.below(8) != 0;
    bytes[i] = repeat ? bytes[i - 1 - random.below(2) * 40]
                      : static_cast<std::byte>(random.below(64) + 32);
  }
  return bytes;
}

std::string words(const Noise& noise) {
  const std::string detectable =
      noise.detectable ? fmt::format("{:.1f} %", *noise.detectable * 100) : "none below 100 %";
  return fmt::format("spread {:.1f} %, smallest slowdown it could show {}", noise.spread * 100,
                     detectable);
}

// The noise of one codec's encoder, as wall and as CPU time.
void measure_noise(const CodecSpec& spec) {
  const auto codec = spec.codec->make(spec.params);
  const std::vector<std::byte> document = noise_document();
  std::vector<std::byte> output(codec->bound(document.size()));
  const auto call = [&] { return codec->encode(document, output).has_value(); };
  const std::uint64_t calls = calls_filling(call, kNoiseSampleSeconds);
  std::vector<double> wall, cpu;
  for (int i = 0; i < kNoiseSamples; ++i) {
    const Sample sample = sample_once(call, calls);
    wall.push_back(sample.seconds);
    cpu.push_back(sample.cpu_seconds);
  }
  line("noise", fmt::format("{} wall time: {}", spec.canonical(), words(noise_of(wall))));
  line("", fmt::format("{} CPU time:  {}", spec.canonical(), words(noise_of(cpu))));
}

std::string describe_place(const std::filesystem::path& place) {
  std::error_code error;
  const auto space = std::filesystem::space(
      std::filesystem::exists(place) ? place : std::filesystem::temp_directory_path(), error);
  if (error) return fmt::format("{} ({})", place.string(), error.message());
  return fmt::format("{} ({:.1f} GB free)", place.string(),
                     static_cast<double>(space.available) / 1e9);
}

int examine(const Program& program) {
  const Environment here = this_environment(program.installed.codecs);
  line("evalzip", fmt::format("{} ({}), {} build by {}", here.evalzip_version, here.commit,
                              here.build_type, here.compiler));
  line("system", fmt::format("{}, {}, {}", here.os, here.kernel, here.libc));
  line("cpu", fmt::format("{}, {} of {} CPUs usable, governor {}", here.cpu, here.usable_cpus,
                          here.logical_cpus, here.governor.empty() ? "unknown" : here.governor));
  line("memory",
       fmt::format("{:.1f} GB, {:.1f} GB free", static_cast<double>(here.memory_bytes) / 1e9,
                   static_cast<double>(available_memory().value_or(0)) / 1e9));
  const DefaultCodecs defaults = default_codecs(program.installed.codecs);
  line("codecs", fmt::format("{}", program.installed.codecs.all().size()));
  if (!defaults.unavailable.empty()) {
    line("", fmt::format("not built here: {}", fmt::join(defaults.unavailable, ", ")));
  }
  for (const PluginFailure& failure : program.installed.unloadable) {
    line("", "not loaded: " + failure.reason);
  }
  const CorpusPlaces places = places_from_environment();
  for (const auto& folder : places.search) line("corpora", describe_place(folder));
  line("cache", describe_place(places.cache));
  for (const std::string& warning : here.warnings) line("warning", warning);
  for (const char* name : {"huffman", "store"}) {
    measure_noise(parse_codec_spec(program.installed.codecs, name));
  }
  return kExitOk;
}

}  // namespace

Command add_doctor_command(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "doctor", "How noisy is this machine, what change could it show, is all in place?");
  return {command, [&program] { return examine(program); }};
}

}  // namespace evalzip
