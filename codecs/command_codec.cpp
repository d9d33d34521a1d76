// Binding: a codec that starts a program for each call.
//
// The original goes to a file and the encoding comes from one, or through standard input and output
// where the command does not name them. The files lie in an empty folder that is the program's
// current directory and is called by nobody else; their names are `original`, `encoded` with the
// definition's suffix, and `decoded`.
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "codecs/command_definition.h"
#include "codecs/command_scratch.h"

extern char** environ;

namespace evalzip {
namespace {

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

// A folder of its own in that of this process.
class Folder {
 public:
  Folder() {
    const std::filesystem::path all = command_scratch(getpid());
    // Whoever made it before us in a shared /tmp must not own what our programs read.
    struct stat found {};
    if (mkdir(all.c_str(), 0700) != 0 && (errno != EEXIST || lstat(all.c_str(), &found) != 0 ||
                                          found.st_uid != getuid() || !S_ISDIR(found.st_mode))) {
      fail(errno, "cannot make the folder " + all.string());
    }
    std::string name = (all / "XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) fail(errno, "cannot make a folder in " + all.string());
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    std::filesystem::remove(path_.parent_path(), ignored);  // if it was the last one
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  void write(const std::string& name, Bytes bytes) const {
    std::ofstream file(path_ / name, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) fail(errno, "cannot write " + (path_ / name).string());
  }

  // The whole file, if it is there and fits.
  Result<std::size_t> read(const std::string& name, MutableBytes room) const {
    std::ifstream file(path_ / name, std::ios::binary);
    if (!file) return Fault::internal_error;
    const std::uintmax_t size = std::filesystem::file_size(path_ / name);
    if (size > room.size()) return Fault::output_too_small;
    file.read(reinterpret_cast<char*>(room.data()), static_cast<std::streamsize>(size));
    if (static_cast<std::uintmax_t>(file.gcount()) != size) return Fault::internal_error;
    return static_cast<std::size_t>(size);
  }

  void remove(const std::string& name) const { std::filesystem::remove_all(path_ / name); }

 private:
  std::filesystem::path path_;
};

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class CommandCodec final : public Codec {
 public:
  CommandCodec(CommandDefinition definition, std::string level)
      : definition_(std::move(definition)), level_(std::move(level)) {}

  // A guess that no compressor needs; what does not fit is told.
  std::size_t bound(std::size_t size) const override { return 2 * size + (1 << 20); }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    return call(definition_.encode, "original", input, encoded_name(), output);
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    const Result<std::size_t> size =
        call(definition_.decode, encoded_name(), input, "decoded", output);
    if (size && size.value() != output.size()) return Fault::corrupt_input;
    return size;
  }

 private:
  static constexpr const char* kMessages = "messages";

  std::string encoded_name() const { return "encoded" + definition_.suffix; }

  Result<std::size_t> call(const std::vector<std::string>& command, const std::string& in,
                           Bytes input, const std::string& out, MutableBytes output) {
    // Samples are of the same bytes again and again, and writing them is not the program's work.
    const bool written = in == in_ && std::ranges::equal(input, input_);
    if (!written) {
      folder_.write(in, input);
      in_ = in;
      input_.assign(input.begin(), input.end());
    }
    folder_.remove(out);
    run(command, in, out);
    if (!std::filesystem::exists(folder_.path() / out)) {
      throw std::runtime_error(fmt::format("{} left no file '{}'", command.front(), out));
    }
    return folder_.read(out, output);
  }

  std::string filled_in(std::string word, const std::string& in, const std::string& out) const {
    const auto put = [&](std::string_view place, const std::string& text) {
      for (std::size_t at = 0; (at = word.find(place, at)) != word.npos; at += text.size()) {
        word.replace(at, place.size(), text);
      }
    };
    put("{in}", in);
    put("{out}", out);
    put("{level}", level_);
    return word;
  }

  // Throws std::runtime_error if the program cannot be started or does not exit with 0: it has no
  // way to tell damage from other trouble.
  void run(const std::vector<std::string>& command, const std::string& in,
           const std::string& out) const {
    const auto names = [&](std::string_view place) {
      return std::ranges::any_of(
          command, [&](const std::string& word) { return word.find(place) != word.npos; });
    };
    FileActions actions;
    posix_spawn_file_actions_addchdir_np(actions.get(), folder_.path().c_str());
    posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO,
                                     names("{in}") ? "/dev/null" : in.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(actions.get(), STDERR_FILENO, kMessages,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (names("{out}")) {
      posix_spawn_file_actions_adddup2(actions.get(), STDERR_FILENO, STDOUT_FILENO);
    } else {
      posix_spawn_file_actions_addopen(actions.get(), STDOUT_FILENO, out.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    }
    std::vector<std::string> words;
    for (const std::string& word : command) words.push_back(filled_in(word, in, out));
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t process = 0;
    const int error =
        posix_spawnp(&process, arguments[0], actions.get(), nullptr, arguments.data(), environ);
    if (error != 0) fail(error, "cannot start " + words.front());
    int status = 0;
    while (waitpid(process, &status, 0) < 0) {
      if (errno != EINTR) fail(errno, "cannot wait for " + words.front());
    }
    if (WIFSIGNALED(status)) {
      throw std::runtime_error(fmt::format("{} was ended by signal {}{}", words.front(),
                                           WTERMSIG(status), last_words()));
    }
    if (WEXITSTATUS(status) != 0) {
      throw std::runtime_error(fmt::format("{} exited with code {}{}", words.front(),
                                           WEXITSTATUS(status), last_words()));
    }
  }

  // The last line that the program wrote to standard error, in parentheses.
  std::string last_words() const {
    constexpr std::size_t kMost = 200;
    std::ifstream messages(folder_.path() / kMessages);
    std::string last;
    for (std::string line; std::getline(messages, line);) {
      if (!line.empty()) last = line;
    }
    return last.empty() ? "" : fmt::format(" ({})", last.substr(0, kMost));
  }

  CommandDefinition definition_;
  std::string level_;
  Folder folder_;
  std::string in_;                // the file that lies there
  std::vector<std::byte> input_;  // and what is in it
};

// FNV-1a (Fowler, Noll and Vo 1991).
std::uint64_t fingerprint(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

}  // namespace

CodecInfo command_codec(const CommandDefinition& definition) {
  CodecInfo info{
      .name = definition.name,
      .version = fmt::format("command {:08x}", fingerprint(command_text(definition)) >> 32),
      .summary = fmt::format("the program {}, started for each call", definition.encode.front()),
      .parameters = {},
      .traits = {.state_per_call = true},
      .plugin = command_text(definition),
      .make = {}};
  if (const auto& levels = definition.levels) {
    info.parameters.push_back({.name = "level",
                               .summary = "as the program has it",
                               .first = levels->first,
                               .last = levels->last,
                               .choices = {},
                               .preset = std::to_string(levels->preset)});
  }
  info.make = [definition](const Params& params) -> std::unique_ptr<Codec> {
    return std::make_unique<CommandCodec>(
        definition, definition.levels ? std::to_string(params.integer("level")) : "");
  };
  return info;
}

}  // namespace evalzip
