#include "cli/ab_side.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "cli/command_codecs.h"
#include "cli/installed_codecs.h"
#include "codecs/command_definition.h"
#include "codecs/content_hash.h"
#include "codecs/plugin.h"

namespace evalzip {
namespace {

// Name and bytes of a file.
void add_file(const std::filesystem::path& file, ContentHash& hash) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  hash.add(bytes);
}

// Of all that a side runs: a plugin, or the worker with the codecs that lie beside it.
std::string content_of(const AbSide& side) {
  ContentHash hash;
  if (side.kind == AbSide::Kind::plugin) {
    add_file(side.file, hash);
    return hash.hex();
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(
           parts_folder(std::filesystem::canonical(side.file).parent_path()))) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const std::filesystem::path& file : files) {
    hash.add(file.filename().string());
    add_file(file, hash);
  }
  return hash.hex();
}

void become_plugin(AbSide& side, const Program& program) {
  side.kind = AbSide::Kind::plugin;
  load_plugin(*side.codecs, std::filesystem::absolute(side.file));
  for (const CodecInfo& codec : side.codecs->all()) {
    if (program.installed.codecs.find(codec.name) == nullptr) side.own.push_back(codec.name);
  }
}

// The codecs are those beside the other program, too: its plugins, not ours of the same names.
void become_program(AbSide& side) {
  side.kind = AbSide::Kind::program;
  const std::filesystem::path parts =
      parts_folder(std::filesystem::canonical(side.file).parent_path());
  side.worker = parts / "worker";
  *side.codecs = installed_codecs(parts).codecs;
}

}  // namespace

AbSide find_ab_side(const std::string& text, const Program& program) {
  AbSide side;
  side.text = text;
  side.codecs = std::make_unique<Registry>(program.installed.codecs);
  side.worker = program.worker;
  if (text.starts_with(kCommandPrefix)) {
    std::vector<std::string> names{text};
    define_commands(names, *side.codecs);
    side.text = names.front();
  } else if (std::filesystem::is_regular_file(text)) {
    side.file = text;
    if (side.file.extension() == ".so") {
      become_plugin(side, program);
    } else {
      become_program(side);
    }
  }
  side.process.emplace(side.worker);
  return side;
}

bool identical(const AbSide& base, const AbSide& head) {
  return base.kind == head.kind && base.kind != AbSide::Kind::specs &&
         content_of(base) == content_of(head);
}

}  // namespace evalzip
