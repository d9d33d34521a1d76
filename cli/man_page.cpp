#include "cli/man_page.h"

#include <fmt/format.h>

namespace evalzip {
namespace {

// Backslashes, and what troff takes for a request at the beginning of a line; a '-' is to be one
// that can be pasted into a shell.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '\\') {
      out += "\\e";
    } else if (letter == '-') {
      out += "\\-";
    } else {
      out += letter;
    }
  }
  const bool like_a_request = out.starts_with('.') || out.starts_with('\'');
  return like_a_request ? "\\&" + out : out;
}

std::string positional_of(const OptionRow& row) {
  const std::string name = escaped(row.value) + (row.many ? " ..." : "");
  return row.required ? fmt::format(" \\fI{}\\fR", name) : fmt::format(" [\\fI{}\\fR]", name);
}

std::string flags_of(const OptionRow& row) {
  std::string out;
  for (const std::string& flag : row.flags) {
    out += fmt::format("{}\\fB{}\\fR", out.empty() ? "" : ", ", escaped(flag));
  }
  if (row.flags.empty()) return fmt::format("\\fI{}\\fR", escaped(row.value));
  return row.value.empty() ? out : fmt::format("{} \\fI{}\\fR", out, escaped(row.value));
}

std::string options_of(const CommandRow& command) {
  std::string out;
  for (const OptionRow& row : command.options) {
    out += fmt::format(".TP\n{}\n{}", flags_of(row), escaped(row.summary));
    if (!row.choices.empty()) {
      out += escaped(fmt::format(" ({})", fmt::join(row.choices, ", ")));
    }
    out += '\n';
  }
  return out;
}

// `name` is what is typed: "evalzip corpus fetch".
std::string section_of(const CommandRow& command, const std::string& name) {
  std::string head = fmt::format("\\fB{}\\fR", escaped(name));
  if (!command.commands.empty()) head += " \\fICOMMAND\\fR";
  for (const OptionRow& row : command.options) {
    if (row.flags.empty()) head += positional_of(row);
  }
  std::string out =
      fmt::format(".SS {}\n{}.\n{}", head, escaped(command.summary), options_of(command));
  for (const CommandRow& inner : command.commands)
    out += section_of(inner, name + " " + inner.name);
  return out;
}

}  // namespace

std::string man_page(const ManPage& page) {
  std::string out = fmt::format(
      ".TH EVALZIP 1 \"\" \"evalzip {}\" \"User Commands\"\n"
      ".SH NAME\nevalzip \\- measure, compare and use lossless codecs\n"
      ".SH SYNOPSIS\n.B evalzip\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
      ".SH DESCRIPTION\n{}\n.SH OPTIONS\n{}.SH COMMANDS\n",
      page.version, escaped(page.program.summary), options_of(page.program));
  for (const CommandRow& command : page.program.commands) {
    out += section_of(command, "evalzip " + command.name);
  }
  out += fmt::format(".SH EXIT STATUS\n{}\n", escaped(page.exit_codes));
  out +=
      ".SH ENVIRONMENT\n"
      ".TP\n.B EVALZIP_CORPUS_PATH\nFolders with corpora, colons between.\n"
      ".TP\n.B EVALZIP_PLUGIN_PATH\nShared objects with codecs, or folders of them.\n"
      ".TP\n.B EVALZIP_COMMANDS\nFiles that define programs as codecs.\n";
  return out;
}

}  // namespace evalzip
