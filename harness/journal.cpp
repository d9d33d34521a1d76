#include "harness/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "harness/descriptor_io.h"
#include "harness/record_json.h"

namespace evalzip {
namespace {

using nlohmann::json;

constexpr const char* kMark = "evalzip_journal";

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& file) {
  throw std::system_error(errno, std::generic_category(), what + " " + file.string());
}

std::string first_line(const std::vector<std::string>& arguments) {
  return json{{kMark, kRunSchema}, {"arguments", arguments}}.dump(-1, ' ', false,
                                                                  json::error_handler_t::replace) +
         "\n";
}

std::string format_line(const RoundResult& result) {
  return fmt::format("{{\"round\":{},\"wall_seconds\":{},\"codec_seconds\":{},\"record\":{}}}\n",
                     result.round, result.wall_seconds, result.codec_seconds,
                     format_record(result.record));
}

RoundResult parse_line(const std::string& line) {
  const json object = json::parse(line);
  return {.round = object.at("round"),
          .wall_seconds = object.at("wall_seconds"),
          .codec_seconds = object.at("codec_seconds"),
          .record = parse_record(object.at("record").dump())};
}

// The complete lines of a journal and their length in bytes: a kill may have cut the last one
// short.
struct Lines {
  std::vector<std::string> lines;
  std::size_t bytes = 0;
};

Lines read_lines(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail("cannot read the journal", file);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  Lines result;
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n', result.bytes)) {
    result.lines.push_back(text.substr(result.bytes, end - result.bytes));
    result.bytes = end + 1;
  }
  return result;
}

void check_first_line(const std::string& line) {
  if (json::parse(line).at(kMark) == kRunSchema) return;
  throw std::runtime_error("it has another version");
}

std::vector<RoundResult> parse_lines(const Lines& lines, const std::filesystem::path& file) {
  std::vector<RoundResult> results;
  for (std::size_t i = 0; i < lines.lines.size(); ++i) {
    try {
      if (i == 0) {
        check_first_line(lines.lines[0]);
      } else {
        results.push_back(parse_line(lines.lines[i]));
      }
    } catch (const std::exception& error) {
      throw std::runtime_error(
          fmt::format("{} line {} is not a journal entry ({}): start anew without --resume, which "
                      "keeps this file as {}~",
                      file.string(), i + 1, error.what(), file.string()));
    }
  }
  return results;
}

// Opens the file, made if it is not there, and holds it against every other run until it is closed.
int open_alone(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) fail("cannot create", file);
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  const int error = errno;
  close(descriptor);
  if (error != EWOULDBLOCK) return open(file.c_str(), O_WRONLY | O_CLOEXEC);  // no locks there
  throw std::runtime_error(
      fmt::format("another run writes {}: wait for it, or choose another result file with --out",
                  file.string()));
}

}  // namespace

Journal::Journal(const std::filesystem::path& file, const std::vector<std::string>& arguments,
                 bool resume)
    : file_(file), descriptor_(open_alone(file)) {
  std::size_t kept_bytes = 0;
  if (resume) {
    const Lines lines = read_lines(file);
    earlier_ = parse_lines(lines, file);
    kept_bytes = lines.bytes;
  } else if (std::filesystem::file_size(file) > 0) {
    std::filesystem::rename(file, file.string() + "~");
    close(descriptor_);
    descriptor_ = open_alone(file);
  }
  if (ftruncate(descriptor_, static_cast<off_t>(kept_bytes)) != 0 ||
      lseek(descriptor_, 0, SEEK_END) < 0) {
    fail("cannot write", file);
  }
  if (kept_bytes == 0) write_all(descriptor_, first_line(arguments));
}

Journal::~Journal() { close(descriptor_); }

void Journal::append(const RoundResult& result) {
  try {
    write_all(descriptor_, format_line(result));
    if (fsync(descriptor_) != 0) fail("cannot write", file_);
  } catch (const std::system_error& error) {
    throw std::system_error(error.code(), "cannot write " + file_.string());
  }
}

std::vector<RoundResult> read_journal(const std::filesystem::path& file) {
  return parse_lines(read_lines(file), file);
}

std::vector<std::string> journal_arguments(const std::filesystem::path& file) {
  const Lines lines = read_lines(file);
  parse_lines(lines, file);
  if (lines.lines.empty()) return {};
  return json::parse(lines.lines[0]).at("arguments").get<std::vector<std::string>>();
}

}  // namespace evalzip
