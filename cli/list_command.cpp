// `evalzip list codecs|corpora|formats|columns`.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/corpus_list.h"
#include "cli/exit_code.h"
#include "reports/report.h"

namespace evalzip {
namespace {

using nlohmann::json;

// "0..22", "static|adaptive", "text".
std::string accepted(const Parameter& parameter) {
  switch (parameter.kind) {
    case Parameter::Kind::integer:
      return fmt::format("{}..{}", parameter.first, parameter.last);
    case Parameter::Kind::choice:
      return fmt::format("{}", fmt::join(parameter.choices, "|"));
    case Parameter::Kind::text:
      return "text";
  }
  return {};
}

std::vector<std::string> trait_words(const Traits& traits) {
  std::vector<std::string> words;
  if (!traits.bit_exact) words.emplace_back("not bit-exact");
  if (traits.needs_model) words.emplace_back("needs a model");
  if (traits.needs_gpu) words.emplace_back("needs a GPU");
  if (traits.multithreaded) words.emplace_back("multi-threaded");
  if (traits.state_per_call) words.emplace_back("state per call");
  return words;
}

json codec_json(const CodecInfo& codec) {
  json parameters = json::array();
  for (const Parameter& parameter : codec.parameters) {
    parameters.push_back({{"name", parameter.name},
                          {"accepts", accepted(parameter)},
                          {"preset", parameter.preset},
                          {"summary", parameter.summary}});
  }
  return {{"name", codec.name},
          {"version", codec.version},
          {"summary", codec.summary},
          {"parameters", parameters},
          {"traits", trait_words(codec.traits)}};
}

void print_codec(const CodecInfo& codec) {
  fmt::print("{:<12} {:<10} {}", codec.name, codec.version, codec.summary);
  const auto words = trait_words(codec.traits);
  if (!words.empty()) fmt::print(" [{}]", fmt::join(words, ", "));
  fmt::print("\n");
  for (const Parameter& parameter : codec.parameters) {
    fmt::print("  {:<10} {:<12} {} [{}]\n", parameter.name, accepted(parameter), parameter.summary,
               parameter.preset);
  }
}

int list_codecs(const Program& program, bool as_json) {
  if (as_json) {
    json codecs = json::array();
    for (const CodecInfo& codec : program.installed.codecs.all())
      codecs.push_back(codec_json(codec));
    std::cout << codecs.dump(2) << "\n";
    return kExitOk;
  }
  for (const CodecInfo& codec : program.installed.codecs.all()) print_codec(codec);
  fmt::print(
      "\nWrite NAME, NAME:LEVEL or NAME:key=value,...; a..b stands for every value between. In "
      "brackets: presets.\nCodec state is made once per process and reset between calls; libraries "
      "that offer no reset\n(state per call) pay for it in each call.\n");
  for (const PluginFailure& failure : program.installed.unloadable) {
    fmt::print(stderr, "not loaded: {}\n", failure.reason);
  }
  return kExitOk;
}

int list_formats() {
  for (const ReportFormat& format : report_formats()) {
    fmt::print("{:<10} {}\n", format.name, format.summary);
  }
  return kExitOk;
}

int list_columns() {
  for (const Column& column : all_columns()) {
    fmt::print("{:<22} {:<8} {}\n", column.name, column.unit, column.meaning);
  }
  return kExitOk;
}

}  // namespace

Command add_list_command(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("list", "What there is: codecs, corpora, formats, columns");
  const auto what = std::make_shared<std::string>("codecs");
  const auto as_json = std::make_shared<bool>(false);
  command->add_option("what", *what, "codecs, corpora, formats or columns [codecs]")
      ->check(CLI::IsMember({"codecs", "corpora", "formats", "columns"}));
  command->add_flag("--json", *as_json, "For programs (codecs and corpora)");
  return {command, [what, as_json, &program] {
            if (*what == "corpora") return print_corpora(program, *as_json);
            if (*what == "formats") return list_formats();
            if (*what == "columns") return list_columns();
            return list_codecs(program, *as_json);
          }};
}

}  // namespace evalzip
