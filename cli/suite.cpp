#include "cli/suite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "cli/quantity.h"
#include "harness/json_document.h"
#include "harness/utf8.h"

namespace evalzip {
namespace {

using Json = nlohmann::json;
using Typed = std::map<std::string, std::string>;

constexpr int kSuiteVersion = 1;

// Flags of `run` that a suite may set, and those of them that make another cell.
constexpr std::array<std::string_view, 9> kSettings{"block-size", "sample",  "samples",
                                                    "rounds",     "seed",    "min-time",
                                                    "threads",    "timeout", "memory-limit"};
constexpr std::array<std::string_view, 3> kCellSettings{"block-size", "sample", "threads"};
constexpr const char* kUnset = "none";  // the flag is not given

[[noreturn]] void refuse(const std::string& place, const std::string& wanted) {
  throw std::runtime_error(fmt::format("{}: must be {}", place, wanted));
}

template <class Names>
void check_members(const Json& object, const std::string& place, const Names& known) {
  if (!object.is_object()) refuse(place, "an object");
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, std::string_view(name)) != std::end(known)) continue;
    throw std::runtime_error(fmt::format("{} has '{}', which is not known; there are: {}", place,
                                         name, fmt::join(known, ", ")));
  }
}

std::string typed_text(const Json& value, const std::string& place) {
  if (value.is_string()) return bytes_from_text(value.get<std::string>());
  if (value.is_number_unsigned()) return value.dump();
  refuse(place, "a text or a whole number");
}

// Equal values are equal texts: "4K" is "4096".
std::string setting_text(const std::string& name, const Json& value, const std::string& place) {
  constexpr std::array<std::string_view, 3> kSizes{"block-size", "sample", "memory-limit"};
  const std::string text = typed_text(value, place);
  if (text == kUnset || std::ranges::find(kSizes, std::string_view(name)) == kSizes.end()) {
    return text;
  }
  try {
    return std::to_string(parse_size(text));
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", place, error.what()));
  }
}

std::vector<std::string> texts(const Json& object, const char* name, const std::string& place) {
  std::vector<std::string> list;
  if (!object.contains(name)) return list;
  const Json& array = object.at(name);
  if (!array.is_array()) refuse(place + "." + name, "a list of texts");
  for (const Json& one : array) list.push_back(typed_text(one, place + "." + name));
  return list;
}

Typed typed_settings(const Json& object, const std::string& place) {
  Typed settings;
  if (!object.contains("settings")) return settings;
  const Json& given = object.at("settings");
  check_members(given, place + ".settings", kSettings);
  for (const auto& [name, value] : given.items()) {
    settings[name] = setting_text(name, value, place + ".settings." + name);
  }
  return settings;
}

// Every choice of one value for each name, the last name changing fastest.
std::vector<Typed> combinations(const Json& object, const std::string& place) {
  std::vector<Typed> all{{}};
  if (!object.contains("matrix")) return all;
  const Json& matrix = object.at("matrix");
  check_members(matrix, place + ".matrix", kCellSettings);
  for (const auto& [name, values] : matrix.items()) {
    if (!values.is_array() || values.empty()) refuse(place + ".matrix." + name, "a list of values");
    std::vector<Typed> longer;
    for (const Typed& before : all) {
      for (const Json& value : values) {
        longer.push_back(before);
        longer.back()[name] = setting_text(name, value, place + ".matrix." + name);
      }
    }
    all = std::move(longer);
  }
  return all;
}

// Read as the command line is, with its checks and messages.
RunOptions options_of(const std::vector<std::string>& codecs,
                      const std::vector<std::string>& corpora, const Typed& settings,
                      const std::string& place) {
  RunOptions options;
  CLI::App app;
  add_plan_options(app, options);
  std::vector<std::string> reversed;
  for (const auto& [name, value] : settings) {
    if (value != kUnset) reversed.push_back(fmt::format("--{}={}", name, value));
  }
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    throw std::runtime_error(fmt::format("{}: {}", place, error.what()));
  }
  options.codecs = codecs;
  options.corpora = corpora;
  return options;
}

// The members of an entry that say what to run. What the entry leaves out it has from `outer`.
struct Entry {
  std::vector<std::string> codecs, corpora;
  Typed settings;
};

Entry entry_of(const Json& object, const Entry& outer, const std::string& place) {
  Entry entry = outer;
  if (object.contains("codecs")) entry.codecs = texts(object, "codecs", place);
  if (object.contains("corpora")) entry.corpora = texts(object, "corpora", place);
  for (auto& [name, value] : typed_settings(object, place)) entry.settings[name] = value;
  return entry;
}

void add_runs(Suite& suite, const Json& object, const Entry& entry, const std::string& place) {
  if (entry.codecs.empty() || entry.corpora.empty()) {
    throw std::runtime_error(
        fmt::format("{}: codecs and corpora must be lists with something in them", place));
  }
  for (const Typed& combination : combinations(object, place)) {
    Typed settings = entry.settings;
    for (const auto& [name, value] : combination) settings[name] = value;
    suite.runs.push_back({options_of(entry.codecs, entry.corpora, settings, place), settings});
  }
}

constexpr std::array<std::string_view, 4> kPatternMembers{"codec", "corpus", "document",
                                                          "settings"};

CellPattern pattern_of(const Json& object, const std::string& place) {
  CellPattern pattern;
  for (const auto& [name, text] : {std::pair{"codec", &pattern.codec},
                                   {"corpus", &pattern.corpus},
                                   {"document", &pattern.document}}) {
    if (object.contains(name)) *text = typed_text(object.at(name), place + "." + name);
  }
  pattern.settings = typed_settings(object, place);
  return pattern;
}

unsigned whole_number(const Json& value, const std::string& place) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 65536) {
    refuse(place, "a whole number");
  }
  return value.get<unsigned>();
}

ResourceRule rule_of(const Json& object, const std::string& place) {
  std::vector<std::string_view> known(kPatternMembers.begin(), kPatternMembers.end());
  known.insert(known.end(), {"cores", "memory", "gpus", "exclusive", "seconds"});
  check_members(object, place, known);
  ResourceRule rule{.pattern = pattern_of(object, place),
                    .cores = {},
                    .gpus = {},
                    .memory_bytes = {},
                    .exclusive = {},
                    .seconds = {}};
  if (object.contains("cores")) {
    rule.cores = std::max(1u, whole_number(object.at("cores"), place + ".cores"));
  }
  if (object.contains("gpus")) rule.gpus = whole_number(object.at("gpus"), place + ".gpus");
  if (object.contains("memory")) {
    rule.memory_bytes = parse_size(typed_text(object.at("memory"), place + ".memory"));
  }
  if (object.contains("exclusive")) {
    if (!object.at("exclusive").is_boolean()) refuse(place + ".exclusive", "true or false");
    rule.exclusive = object.at("exclusive").get<bool>();
  }
  if (object.contains("seconds")) {
    const Json& seconds = object.at("seconds");
    if (!seconds.is_number() || seconds < 0) refuse(place + ".seconds", "a number of seconds");
    rule.seconds = seconds.get<double>();
  }
  return rule;
}

template <class Use>
void for_each_object(const Json& suite, const char* name, Use use) {
  if (!suite.contains(name)) return;
  if (!suite.at(name).is_array()) refuse(name, "a list of objects");
  for (std::size_t i = 0; i < suite.at(name).size(); ++i) {
    use(suite.at(name)[i], fmt::format("{}[{}]", name, i));
  }
}

}  // namespace

bool CellPattern::matches(const std::string& codec_name, const std::string& corpus_name,
                          const std::string& document_name, const Typed& typed) const {
  const auto fits = [](const std::string& pattern, const std::string& text) {
    return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
  };
  return fits(codec, codec_name) && fits(corpus, corpus_name) && fits(document, document_name) &&
         std::ranges::all_of(settings, [&](const auto& setting) {
           const auto found = typed.find(setting.first);
           return (found == typed.end() ? kUnset : found->second) == setting.second;
         });
}

Suite parse_suite(const std::string& json) {
  const Json document = parse_json_document(json);
  constexpr std::array<std::string_view, 8> kKnown{"evalzip_suite", "codecs",   "corpora",
                                                   "settings",      "matrix",   "include",
                                                   "exclude",       "resources"};
  check_members(document, "the suite", kKnown);
  if (!document.contains("evalzip_suite") || document.at("evalzip_suite") != kSuiteVersion) {
    refuse("evalzip_suite", fmt::format("{}, the version of the format", kSuiteVersion));
  }
  Suite suite;
  const Entry whole = entry_of(document, {}, "the suite");
  // All of it may stand in the entries of `include`.
  if (!document.contains("include") || !(whole.codecs.empty() || whole.corpora.empty())) {
    add_runs(suite, document, whole, "the suite");
  }
  for_each_object(document, "include", [&](const Json& object, const std::string& place) {
    check_members(object, place,
                  std::array<std::string_view, 4>{"codecs", "corpora", "settings", "matrix"});
    add_runs(suite, object, entry_of(object, whole, place), place);
  });
  for_each_object(document, "exclude", [&](const Json& object, const std::string& place) {
    check_members(object, place, kPatternMembers);
    suite.excluded.push_back(pattern_of(object, place));
  });
  for_each_object(document, "resources", [&](const Json& object, const std::string& place) {
    suite.resources.push_back(rule_of(object, place));
  });
  return suite;
}

Suite read_suite(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    throw std::system_error(in ? EISDIR : errno, std::generic_category(),
                            "cannot read " + file.string());
  }
  try {
    return parse_suite(std::string(std::istreambuf_iterator<char>(in), {}));
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace evalzip
