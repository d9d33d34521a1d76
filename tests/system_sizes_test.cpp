// The compressors of the system write as many bytes as their own command-line tools do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "codecs/codec_spec.h"
#include "codecs/plugin.h"
#include "tests/nasty_inputs.h"

namespace evalzip {
namespace {

// A tool and what to say to it. "{}" in `command` stands for the level, and the file follows.
struct Tool {
  std::string codec, name, command, settings;
  std::vector<int> levels;
};

void PrintTo(const Tool& tool, std::ostream* out) { *out << tool.command; }

std::string filled(std::string command, int level) {
  const std::size_t at = command.find("{}");
  return command.replace(at, 2, std::to_string(level));
}

// What a shell command prints.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  char buffer[4096];
  while (std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe.get())) {
    text.append(buffer, size);
  }
  return text;
}

std::size_t encoded_size(const Registry& codecs, const std::string& text, Bytes input) {
  const CodecSpec spec = parse_codec_spec(codecs, text);
  const auto codec = spec.codec->make(spec.params);
  std::vector<std::byte> output(codec->bound(input.size()));
  return codec->encode(input, output).value();
}

// Longer than a window of the fast levels and several pieces of every tool.
Input sample() {
  Input bytes = text_input(31, 900'000);
  const Input noise = random_input(32, 200'000, 40);
  bytes.insert(bytes.end(), noise.begin(), noise.end());
  return bytes;
}

class SystemSizes : public testing::TestWithParam<Tool> {};

TEST_P(SystemSizes, EqualThoseOfTheTool) {
  const Tool& tool = GetParam();
  Registry codecs;
  load_plugin_folder(codecs, EVALZIP_PLUGIN_FOLDER);
  const CodecInfo* const codec = codecs.find(tool.codec);
  if (codec == nullptr) GTEST_SKIP() << "this build has no codec " << tool.codec;
  const std::string version = output_of(tool.name + " --version 2>&1 < /dev/null");
  if (version.find(codec->version) == version.npos) {
    GTEST_SKIP() << "there is no tool " << tool.name << " of version " << codec->version;
  }
  const Input input = sample();
  const auto file = std::filesystem::path(testing::TempDir()) /
                    ("system_sizes_" + tool.codec + std::to_string(getpid()));
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(input.data()),
             static_cast<std::streamsize>(input.size()));
  for (const int level : tool.levels) {
    const std::string command = filled(tool.command, level) + " " + file.string() + " 2>&1";
    const std::string spec = filled(tool.settings, level);
    EXPECT_EQ(encoded_size(codecs, spec, input), output_of(command).size())
        << spec << " against " << command;
  }
  std::filesystem::remove(file);
}

INSTANTIATE_TEST_SUITE_P(
    Tools, SystemSizes,
    testing::Values(
        Tool{"zstd",
             "zstd",
             "zstd -{} -q -c --no-check --single-thread",
             "zstd:{},stream=1",
             {1, 2, 3, 4, 6, 9, 13, 19}},
        Tool{"zstd",
             "zstd",
             "zstd --fast={} -q -c --no-check --single-thread",
             "zstd:-{},stream=1",
             {1, 3, 7, 100}},
        Tool{"zstd",
             "zstd",
             "zstd --ultra -{} -q -c --no-check --single-thread",
             "zstd:{},stream=1",
             {20, 22}},
        Tool{"zstd", "zstd", "zstd -{} -q -c --no-check", "zstd:{},threads=1", {1, 3, 6, 12}},
        Tool{"zstd",
             "zstd",
             "zstd -{} -q -c --no-check --single-thread --long=24",
             "zstd:{},long=24,stream=1",
             {1, 3, 9}},
        Tool{"xz", "xz", "xz -{} -T1 -c", "xz:{}", {0, 1, 2, 3, 6}},
        Tool{"xz", "xz", "xz -{} -e -T1 -c", "xz:{},extreme=1", {0, 6}},
        Tool{"xz", "xz", "xz -{} -T2 -c", "xz:{},threads=2", {0, 1}},
        Tool{"lzma", "xz", "xz --format=lzma -{} -c", "lzma:{}", {0, 6}},
        Tool{"bzip2", "bzip2", "bzip2 -{} -c", "bzip2:{}", {1, 5, 9}},
        Tool{
            "brotli", "brotli", "brotli -q {} -c", "brotli:{}", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11}},
        Tool{"brotli", "brotli", "brotli -q 5 -w {} -c", "brotli:5,lgwin={}", {10, 18, 24}},
        Tool{"brotli", "brotli", "brotli -q 5 --large_window={} -c", "brotli:5,lgwin={}", {25, 30}},
        Tool{"bzip3", "bzip3", "bzip3 -e -b {} -c", "bzip3:block={}", {1, 2}}),
    [](const auto& tested) { return tested.param.codec + "_" + std::to_string(tested.index); });

}  // namespace
}  // namespace evalzip
