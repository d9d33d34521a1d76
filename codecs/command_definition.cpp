#include "codecs/command_definition.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace evalzip {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kExample = "cmd:name=xz;encode=xz -c {in};decode=xz -dc {in}";

// Parts of `text` between unquoted separators. With `unquote`, quotes and backslashes have done
// their work and go, and parts that are empty without quotes are none.
std::vector<std::string> split_quoted(std::string_view text, char separator, bool unquote) {
  std::vector<std::string> parts;
  std::string part;
  bool quoted_part = false;
  char quote = 0;
  const auto end_part = [&] {
    if (!unquote || !part.empty() || quoted_part) parts.push_back(part);
    part.clear();
    quoted_part = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && c == separator) {
      end_part();
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      if (!unquote) part += c;
      part += text[++i];
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      quoted_part = true;
      if (!unquote) part += c;
    } else if (c == quote) {
      quote = 0;
      if (!unquote) part += c;
    } else {
      part += c;
    }
  }
  if (quote != 0) throw SpecError(fmt::format("'{}' has a quote that is not closed", text));
  end_part();
  return parts;
}

std::vector<std::string> words_of(std::string_view command) {
  return split_quoted(command, ' ', true);
}

CommandDefinition::Levels parse_levels(std::string_view text) {
  CommandDefinition::Levels levels{};
  const auto take = [&](std::int64_t& value, std::string_view behind) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (error != std::errc() || !text.starts_with(behind)) {
      throw SpecError("level must be written as 1..9/5: first, last and preset");
    }
    text.remove_prefix(behind.size());
  };
  take(levels.first, "..");
  take(levels.last, "/");
  take(levels.preset, "");
  if (!text.empty() || levels.first > levels.preset || levels.preset > levels.last) {
    throw SpecError("level must be written as 1..9/5: first, last and preset");
  }
  return levels;
}

void set_field(CommandDefinition& definition, std::string_view key, std::string_view value) {
  if (key == "name") {
    definition.name = value;
  } else if (key == "encode") {
    definition.encode = words_of(value);
  } else if (key == "decode") {
    definition.decode = words_of(value);
  } else if (key == "suffix") {
    definition.suffix = value;
  } else if (key == "level") {
    definition.levels = parse_levels(value);
  } else {
    throw SpecError(fmt::format("a command has no '{}': name, encode, decode, suffix, level", key));
  }
}

bool mentions(const std::vector<std::string>& words, std::string_view place) {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return word.find(place) != word.npos; });
}

void check(const CommandDefinition& definition) {
  const auto refuse = [](const std::string& why) {
    throw SpecError(fmt::format("{}: write for example {}", why, kExample));
  };
  const bool good = !definition.name.empty() && std::ranges::all_of(definition.name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!good) {
    refuse(fmt::format("'{}' cannot be the name of a command (lower-case letters, digits, - and _)",
                       definition.name));
  }
  if (definition.encode.empty()) refuse(definition.name + " has no encode command");
  if (definition.decode.empty()) refuse(definition.name + " has no decode command");
  if (definition.suffix.find('/') != definition.suffix.npos) {
    refuse(definition.name + ": a suffix has no '/'");
  }
  try {
    static_cast<void>(command_text(definition));
  } catch (const Json::exception&) {
    refuse(definition.name + ": a command must be UTF-8");
  }
  const bool wants_level =
      mentions(definition.encode, "{level}") || mentions(definition.decode, "{level}");
  if (wants_level != definition.levels.has_value()) {
    refuse(definition.name +
           ": {level} stands in a command if and only if level=1..9/5 says which "
           "there are");
  }
}

std::vector<std::string> words_in(const Json& json) {
  if (json.is_string()) return words_of(json.get<std::string>());
  return json.get<std::vector<std::string>>();
}

CommandDefinition from_json(const Json& json) {
  CommandDefinition definition;
  for (const auto& [key, value] : json.items()) {
    if (key == "encode" || key == "decode") {
      (key == "encode" ? definition.encode : definition.decode) = words_in(value);
    } else if (key != "note") {
      set_field(definition, key, value.get<std::string>());
    }
  }
  check(definition);
  return definition;
}

std::string level_text(const CommandDefinition::Levels& levels) {
  return fmt::format("{}..{}/{}", levels.first, levels.last, levels.preset);
}

bool find_program(std::string& program) {
  if (program.find('/') != program.npos) {
    program = std::filesystem::absolute(program).string();
    return ::access(program.c_str(), X_OK) == 0;
  }
  const char* const variable = std::getenv("PATH");
  std::istringstream folders(variable == nullptr ? "" : variable);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path path = std::filesystem::path(folder) / program;
    if (::access(path.c_str(), X_OK) == 0 && !std::filesystem::is_directory(path)) return true;
  }
  return false;
}

}  // namespace

CommandDefinition parse_command(std::string_view text) {
  if (!text.starts_with(kCommandPrefix)) {
    throw SpecError(fmt::format("'{}' is no command: write for example {}", text, kExample));
  }
  text.remove_prefix(kCommandPrefix.size());
  if (text.starts_with('{')) {
    try {
      return from_json(Json::parse(text));
    } catch (const Json::exception& error) {
      throw SpecError(fmt::format("'{}' is no command: {}", text, error.what()));
    }
  }
  CommandDefinition definition;
  for (const std::string& field : split_quoted(text, ';', false)) {
    const std::size_t equals = field.find('=');
    if (equals == field.npos) {
      throw SpecError(
          fmt::format("'{}' is no field of a command: write for example {}", field, kExample));
    }
    set_field(definition, field.substr(0, equals), field.substr(equals + 1));
  }
  check(definition);
  return definition;
}

std::vector<CommandDefinition> parse_commands(std::string_view json, const std::string& file) {
  try {
    std::vector<CommandDefinition> definitions;
    for (const Json& one : Json::parse(json)) definitions.push_back(from_json(one));
    return definitions;
  } catch (const Json::exception& error) {
    throw SpecError(fmt::format("{}: {}", file, error.what()));
  } catch (const SpecError& error) {
    throw SpecError(fmt::format("{}: {}", file, error.what()));
  }
}

std::string command_text(const CommandDefinition& definition) {
  Json json = {
      {"name", definition.name}, {"encode", definition.encode}, {"decode", definition.decode}};
  if (!definition.suffix.empty()) json["suffix"] = definition.suffix;
  if (definition.levels) json["level"] = level_text(*definition.levels);
  return std::string(kCommandPrefix) + json.dump(-1, ' ', true);
}

bool find_programs(CommandDefinition& definition) {
  return find_program(definition.encode.front()) && find_program(definition.decode.front());
}

}  // namespace evalzip
