#include "codecs/codec_spec.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "codecs/command_definition.h"

namespace evalzip {
namespace {

// More than any sensible request, less than what makes a plan unreadable: values in one range, and
// settings in a list.
constexpr std::uint64_t kMostValuesInRange = 1000;
constexpr std::size_t kMostSettings = 10'000;

using Given = std::map<std::string, std::string>;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// One codec with its arguments, before ranges are expanded: {"zstd", {"19", "long=27"}}.
struct Item {
  std::string_view name;
  std::vector<std::string_view> arguments;
};

// A part with '=' but no ':' before it belongs to the codec before it: `zstd:19,long=27`.
bool continues(std::string_view part) {
  const std::size_t equals = part.find('=');
  return equals != std::string_view::npos && part.substr(0, equals).find(':') == part.npos;
}

std::vector<Item> split_items(std::string_view text) {
  std::vector<Item> items;
  for (std::string_view part : split(text, ',')) {
    if (continues(part)) {
      if (items.empty()) {
        throw SpecError(fmt::format(
            "'{}' has no codec before it: write codec:key=value, for example zstd:long=27", part));
      }
      items.back().arguments.push_back(part);
      continue;
    }
    const std::size_t colon = part.find(':');
    Item item{.name = part.substr(0, colon), .arguments = {}};
    if (colon != part.npos) item.arguments.push_back(part.substr(colon + 1));
    items.push_back(item);
  }
  return items;
}

const CodecInfo& find_codec(const Registry& registry, std::string_view name) {
  if (const CodecInfo* info = registry.find(name)) return *info;
  if (!name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) {
    throw SpecError(fmt::format(
        "'{}' is not a codec: for several levels write a range (zstd:1..3) or name the codec each "
        "time (zstd:1,zstd:3)",
        name));
  }
  std::vector<std::string_view> names;
  for (const CodecInfo& info : registry.all()) names.push_back(info.name);
  throw SpecError(fmt::format("there is no codec '{}' (known: {})", name, fmt::join(names, ", ")));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "1..19" -> 1, 2, ..., 19; any other text stands for itself.
std::vector<std::string> expand_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == text.npos) return {std::string(text)};
  const auto first = parse_integer(text.substr(0, dots));
  const auto last = parse_integer(text.substr(dots + 2));
  if (!first || !last) return {std::string(text)};
  const std::uint64_t steps =
      static_cast<std::uint64_t>(*last) - static_cast<std::uint64_t>(*first);
  if (*first > *last || steps >= kMostValuesInRange) {
    throw SpecError(fmt::format("the range '{}' must go upwards and hold at most {} values", text,
                                kMostValuesInRange));
  }
  std::vector<std::string> values;
  for (std::uint64_t step = 0; step <= steps; ++step) {
    values.push_back(std::to_string(*first + static_cast<std::int64_t>(step)));
  }
  return values;
}

std::pair<std::string, std::string_view> key_and_value(const CodecInfo& codec,
                                                       std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (equals != argument.npos) {
    return {std::string(argument.substr(0, equals)), argument.substr(equals + 1)};
  }
  if (std::ranges::find(codec.parameters, "level", &Parameter::name) == codec.parameters.end()) {
    throw SpecError(
        fmt::format("{} has no levels, so '{}' means nothing to it: write {} or {}:key=value",
                    codec.name, argument, codec.name, codec.name));
  }
  return {"level", argument};
}

void refuse_too_many(std::size_t settings) {
  if (settings <= kMostSettings) return;
  throw SpecError(fmt::format(
      "these ranges make more than {} settings: ask for fewer, or in several runs", kMostSettings));
}

// Every combination of the values that the arguments of one item stand for.
std::vector<Given> combinations(const CodecInfo& codec, const Item& item) {
  std::vector<Given> all{{}};
  for (std::string_view argument : item.arguments) {
    const auto [key, text] = key_and_value(codec, argument);
    std::vector<Given> next;
    for (const Given& given : all) {
      if (given.contains(key)) {
        throw SpecError(fmt::format("{}: {} is given twice", codec.name, key));
      }
      for (std::string& value : expand_range(text)) {
        next.push_back(given);
        next.back()[key] = std::move(value);
        refuse_too_many(next.size());
      }
    }
    all = std::move(next);
  }
  return all;
}

// Keeps the first of equal settings.
class SpecList {
 public:
  void append(CodecSpec spec) {
    if (!names_.insert(spec.canonical()).second) return;
    specs_.push_back(std::move(spec));
    refuse_too_many(specs_.size());
  }

  std::vector<CodecSpec> take() { return std::move(specs_); }

 private:
  std::vector<CodecSpec> specs_;
  std::set<std::string> names_;
};

// Every value, as it would be typed.
Given values_of(const CodecSpec& spec) {
  Given given;
  for (const Parameter& parameter : spec.codec->parameters) {
    given[parameter.name] = parameter.kind == Parameter::Kind::integer
                                ? fmt::to_string(spec.params.integer(parameter.name))
                                : spec.params.text(parameter.name);
  }
  return given;
}

}  // namespace

std::string CodecSpec::canonical() const {
  const std::string values = params.canonical();
  return values.empty() ? codec->name : codec->name + ":" + values;
}

CodecSpec CodecSpec::for_numbers(const std::string& format, std::uint64_t columns) const {
  const auto& table = codec->parameters;
  const auto dtype = std::ranges::find(table, kNumberFormatParameter, &Parameter::name);
  const auto row = std::ranges::find(table, kColumnsParameter, &Parameter::name);
  if (dtype == table.end() || row == table.end()) return *this;
  Given given = values_of(*this);
  if (given[dtype->name] != dtype->preset || given[row->name] != row->preset ||
      std::ranges::find(dtype->choices, format) == dtype->choices.end() ||
      columns > static_cast<std::uint64_t>(row->last)) {
    return *this;
  }
  given[dtype->name] = format;
  given[row->name] = fmt::to_string(columns);
  return {codec, Params(codec->name, table, given), model};
}

Params CodecSpec::located_params() const {
  if (model.file.empty()) return params;
  Given given = values_of(*this);
  given[kModelParameter] = model.file;
  return Params(codec->name, codec->parameters, given);
}

std::vector<CodecSpec> parse_codec_list(const Registry& registry, std::string_view text) {
  SpecList specs;
  for (const Item& item : split_items(text)) {
    if (item.name == "all" && item.arguments.empty()) {
      for (const CodecInfo& codec : registry.all()) {
        if (codec.traits.needs_model || codec.plugin.starts_with(kCommandPrefix)) continue;
        specs.append({&codec, Params(codec.name, codec.parameters, {})});
      }
      continue;
    }
    const CodecInfo& codec = find_codec(registry, item.name);
    for (const Given& given : combinations(codec, item)) {
      specs.append({&codec, Params(codec.name, codec.parameters, given)});
    }
  }
  return specs.take();
}

CodecSpec parse_codec_spec(const Registry& registry, std::string_view text) {
  std::vector<CodecSpec> specs = parse_codec_list(registry, text);
  if (specs.size() != 1) {
    throw SpecError(fmt::format("'{}' names {} settings where one is needed", text, specs.size()));
  }
  return std::move(specs.front());
}

}  // namespace evalzip
