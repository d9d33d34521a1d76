#include "cli/option_table.h"

#include <algorithm>
#include <sstream>

namespace evalzip {
namespace {

// Of the library's "TEXT:{a,b}", which is how it names the values of a choice.
std::vector<std::string> choices_of(const std::string& type) {
  std::vector<std::string> choices;
  const std::size_t begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return choices;
  std::istringstream words(type.substr(begin + 1, end - begin - 1));
  for (std::string word; std::getline(words, word, ',');) choices.push_back(word);
  return choices;
}

// "TEXT:FILE" and "UINT:INT in [0 - 256]" are words for programmers.
std::string value_of(const CLI::Option& option, bool has_choices) {
  const std::string type = option.get_type_name();
  if (type.empty()) return "";
  if (has_choices || type.starts_with("TEXT")) return "TEXT";
  if (type.starts_with("UINT") || type.starts_with("INT")) return "N";
  if (type.starts_with("FLOAT")) return "NUMBER";
  return type.substr(0, type.find(':'));
}

OptionRow row_of(const CLI::Option& option) {
  OptionRow row;
  for (const std::string& name : option.get_snames()) row.flags.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) row.flags.push_back("--" + name);
  row.choices = choices_of(option.get_type_name());
  row.value = row.flags.empty() ? option.get_name() : value_of(option, !row.choices.empty());
  row.summary = option.get_description();
  row.many = option.get_items_expected_max() > 1;
  row.required = option.get_required();
  return row;
}

}  // namespace

CommandRow option_table(const CLI::App& app) {
  CommandRow command{
      .name = app.get_name(), .summary = app.get_description(), .options = {}, .commands = {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) command.options.push_back(row_of(*option));
  }
  const auto shown = [](const CLI::App* one) { return !one->get_group().empty(); };
  for (const CLI::App* one : app.get_subcommands(shown)) {
    command.commands.push_back(option_table(*one));
  }
  return command;
}

}  // namespace evalzip
