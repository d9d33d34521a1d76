#include "cli/completions.h"

#include <fmt/format.h>

#include <functional>
#include <string_view>

namespace evalzip {
namespace {

// The values of these are names that `evalzip ... | first column` prints.
struct Named {
  std::string_view flag, command;
};
constexpr Named kNamed[] = {{"--codec", "list codecs"},
                            {"--corpus", "list corpora"},
                            {"--model", "model list"},
                            {"--format", "list formats"}};

constexpr std::string_view kFirstColumn = R"(awk '/^[^ ]/ { print $1 }')";

// The command that prints the values of an option; empty: they are files or anything.
std::string names_of(const OptionRow& row) {
  for (const Named& named : kNamed) {
    for (const std::string& flag : row.flags) {
      if (flag == named.flag) {
        return fmt::format("evalzip {} 2>/dev/null | {}", named.command, kFirstColumn);
      }
    }
  }
  return "";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// visit(command, path) for the program and every command below, path being "/corpus/fetch".
void for_each_command(const CommandRow& command, const std::string& path,
                      const std::function<void(const CommandRow&, const std::string&)>& visit) {
  visit(command, path);
  for (const CommandRow& inner : command.commands) {
    for_each_command(inner, path + "/" + inner.name, visit);
  }
}

std::string all_flags(const CommandRow& command) {
  std::string flags;
  for (const OptionRow& row : command.options) {
    for (const std::string& flag : row.flags) flags += (flags.empty() ? "" : " ") + flag;
  }
  return flags;
}

std::string all_names(const CommandRow& command) {
  std::string names;
  for (const CommandRow& inner : command.commands) names += (names.empty() ? "" : " ") + inner.name;
  return names;
}

// What bash is to say for the value of an option.
std::string bash_value(const OptionRow& row) {
  if (!row.choices.empty()) {
    return fmt::format("words='{}'", fmt::join(row.choices, " "));
  }
  const std::string names = names_of(row);
  return names.empty() ? "files=1" : fmt::format("words=$({}); files=1", names);
}

std::string bash_values(const CommandRow& command, const std::string& path) {
  std::string cases;
  for (const OptionRow& row : command.options) {
    if (row.value.empty()) continue;
    for (const std::string& flag : row.flags) {
      cases += fmt::format("    {}:{}) value=1; {} ;;\n", path, flag, bash_value(row));
    }
  }
  return cases;
}

std::string bash_positionals(const CommandRow& command) {
  std::string words = all_names(command);
  for (const OptionRow& row : command.options) {
    if (row.flags.empty() && !row.choices.empty())
      words = fmt::to_string(fmt::join(row.choices, " "));
  }
  return words.empty() ? "files=1" : fmt::format("words='{}'", words);
}

// In the single quotes of zsh, within _arguments' own syntax.
std::string zsh_text(const std::string& text) {
  std::string out = replaced(replaced(text, "\\", "\\\\"), "'", "'\\''");
  for (const char* letter : {"[", "]", ":"}) {
    out = replaced(out, letter, std::string("\\") + letter);
  }
  return out;
}

std::string zsh_action(const OptionRow& row) {
  if (!row.choices.empty()) return fmt::format("({})", fmt::join(row.choices, " "));
  const std::string names = names_of(row);
  if (names.empty()) return "_files";
  return fmt::format("{{ compadd -- ${{(f)\"$({})\"}}; _files }}", replaced(names, "'", "'\\''"));
}

// `place`: which positional it is, from 1.
std::string zsh_option(const OptionRow& row, unsigned place) {
  const std::string value =
      row.value.empty() ? "" : fmt::format(":{}:{}", zsh_text(row.value), zsh_action(row));
  if (row.flags.empty()) {
    return fmt::format("    '{}{}' \\\n", row.many ? "*" : fmt::to_string(place), value);
  }
  std::string lines;
  for (const std::string& flag : row.flags) {
    lines += fmt::format("    '*{}[{}]{}' \\\n", flag, zsh_text(row.summary), value);
  }
  return lines;
}

std::string function_name(const std::string& path) {
  return "_evalzip" + replaced(replaced(path, "/", "_"), "-", "_");
}

std::string zsh_function(const CommandRow& command, const std::string& path) {
  std::string out = function_name(path) + "() {\n";
  if (!command.commands.empty()) out += "  local state line\n";
  out += "  _arguments -s -S \\\n";
  unsigned place = 0;
  for (const OptionRow& row : command.options) out += zsh_option(row, place += row.flags.empty());
  if (command.commands.empty()) return out + "    && return\n}\n";
  out += "    '1:command:->command' '*::argument:->argument' && return\n";
  out += "  case $state in\n  command) local -a names; names=(\n";
  for (const CommandRow& inner : command.commands) {
    out += fmt::format("    '{}:{}'\n", inner.name, zsh_text(inner.summary));
  }
  out += "  ); _describe command names ;;\n  argument) case $line[1] in\n";
  for (const CommandRow& inner : command.commands) {
    out += fmt::format("    {}) {} ;;\n", inner.name, function_name(path + "/" + inner.name));
  }
  return out + "  esac ;;\n  esac\n}\n";
}

std::string fish_text(const std::string& text) {
  return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

// When the words typed so far are those of `path`, and no further command.
std::string fish_condition(const CommandRow& command, const std::string& path) {
  if (path.empty()) return "__fish_use_subcommand";
  std::string condition;
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t end = path.find('/', at + 1);
    condition += fmt::format("{}__fish_seen_subcommand_from {}", condition.empty() ? "" : "; and ",
                             path.substr(at + 1, end == std::string::npos ? end : end - at - 1));
    at = end;
  }
  if (command.commands.empty()) return condition;
  return condition + "; and not __fish_seen_subcommand_from " + all_names(command);
}

std::string fish_option(const OptionRow& row, const std::string& condition) {
  std::string line = fmt::format("complete -c evalzip -n {}", fish_text(condition));
  for (const std::string& flag : row.flags) {
    line += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
  }
  if (!row.flags.empty() && !row.value.empty()) line += row.choices.empty() ? " -r" : " -x";
  const std::string names = names_of(row);
  if (!row.choices.empty()) {
    line += " -a " + fish_text(fmt::to_string(fmt::join(row.choices, " ")));
  } else if (!names.empty()) {
    line += " -a " + fish_text("(" + names + ")");
  }
  return line + " -d " + fish_text(row.summary) + "\n";
}

}  // namespace

std::string bash_completion(const CommandRow& program) {
  std::string paths, values, flags, positionals;
  for_each_command(program, "", [&](const CommandRow& command, const std::string& path) {
    if (!path.empty()) paths += (paths.empty() ? "" : "|") + path;
    values += bash_values(command, path);
    flags += fmt::format("    '{}') words='{}' ;;\n", path, all_flags(command));
    positionals += fmt::format("    '{}') {} ;;\n", path, bash_positionals(command));
  });
  return fmt::format(
      "# Completion of evalzip for bash; made by `evalzip document bash`.\n"
      "_evalzip() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  local path='' words='' files='' value='' i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case $path/${{COMP_WORDS[i]}} in\n"
      "      {}) path=$path/${{COMP_WORDS[i]}} ;;\n"
      "    esac\n"
      "  done\n"
      "  case $path:$before in\n{}  esac\n"
      "  if [[ -z $value && $word == -* ]]; then\n"
      "    case $path in\n{}    esac\n"
      "  elif [[ -z $value ]]; then\n"
      "    case $path in\n{}    esac\n"
      "  fi\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\"\n"
      "    [[ -z $files ]] || compgen -f -- \"$word\")\n"
      "}}\n"
      "complete -o filenames -F _evalzip evalzip\n",
      paths, values, flags, positionals);
}

std::string zsh_completion(const CommandRow& program) {
  std::string out = "#compdef evalzip\n# Made by `evalzip document zsh`.\n";
  for_each_command(program, "", [&](const CommandRow& command, const std::string& path) {
    out += zsh_function(command, path);
  });
  return out + "_evalzip \"$@\"\n";
}

std::string fish_completion(const CommandRow& program) {
  std::string out = "# Completion of evalzip for fish; made by `evalzip document fish`.\n";
  for_each_command(program, "", [&](const CommandRow& command, const std::string& path) {
    const std::string condition = fish_condition(command, path);
    if (!command.commands.empty()) {
      out += fmt::format("complete -c evalzip -f -n {}\n", fish_text(condition));
    }
    for (const CommandRow& inner : command.commands) {
      out += fmt::format("complete -c evalzip -n {} -a {} -d {}\n", fish_text(condition),
                         inner.name, fish_text(inner.summary));
    }
    for (const OptionRow& row : command.options) {
      if (!row.flags.empty() || !row.choices.empty()) out += fish_option(row, condition);
    }
  });
  return out;
}

}  // namespace evalzip
