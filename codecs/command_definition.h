// A compressor that is a program: how it is called.
//
//   cmd:name=cmix;encode=cmix -c {in} {out};decode=cmix -d {in} {out}
//
// Fields are apart by ';', words of a command by spaces; both may stand between quotes (' or ") or
// behind a backslash, as a shell has it, and nothing else of a shell is meant. {in}, {out} and
// {level} are put in their places after the words were told apart, so no file name can add a word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/codec.h"

namespace evalzip {

inline constexpr std::string_view kCommandPrefix = "cmd:";

struct CommandDefinition {
  struct Levels {
    std::int64_t first, last, preset;
  };

  std::string name;                         // lower-case letters, digits, '-', '_'
  std::vector<std::string> encode, decode;  // words; the first is the program
  std::string suffix;                       // of the encoded file: ".7z"
  std::optional<Levels> levels;             // if there are any, they are the codec's `level`
};

// Of the form above, with `suffix=.7z` and `level=1..9/5` (the preset last) if wanted, or of the
// form that command_text gives. Throws SpecError.
CommandDefinition parse_command(std::string_view text);

// An array of objects with the fields above as JSON, commands as texts or arrays of words. Throws
// SpecError that names `file`.
std::vector<CommandDefinition> parse_commands(std::string_view json, const std::string& file);

// Equal for equal definitions.
std::string command_text(const CommandDefinition& definition);

// The program of a command is one that can be started: in the folders of PATH, or a path, which
// then becomes absolute. False if there is none.
bool find_programs(CommandDefinition& definition);

// An entry for the registry; its `plugin` is command_text(), by which a worker knows it again.
CodecInfo command_codec(const CommandDefinition& definition);

}  // namespace evalzip
