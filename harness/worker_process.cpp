#include "harness/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "codecs/command_scratch.h"
#include "harness/crash_report.h"
#include "harness/descriptor_io.h"
#include "harness/die_with_parent.h"
#include "harness/interruption.h"

namespace evalzip {
namespace {

using Clock = std::chrono::steady_clock;

// How often a waiting run looks at the clock and for an interruption.
constexpr int kPollMilliseconds = 100;
// Words of a dying worker that are worth keeping.
constexpr std::size_t kMostErrorText = 300;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }
  void reset() {
    if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
  }

 private:
  int descriptor_;
};

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) fail("cannot make a pipe");
  for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
  return ends;
}

// In the child, between fork and exec: only async-signal-safe calls. Moves each descriptor to its
// place; all of them are first lifted above the places, so that none overwrites another.
[[noreturn]] void become_worker(const std::array<std::pair<int, int>, 6>& places,
                                char* const* arguments, pid_t parent) {
  constexpr int kAbovePlaces = 16;
  std::array<int, 6> lifted{};
  for (std::size_t i = 0; i < places.size(); ++i) {
    lifted[i] = fcntl(places[i].first, F_DUPFD_CLOEXEC, kAbovePlaces);
  }
  for (std::size_t i = 0; i < places.size(); ++i) dup2(lifted[i], places[i].second);
  setpgid(0, 0);
  die_with_parent(parent);
  execv(arguments[0], arguments);
  _exit(127);
}

// The end of a worker as its parent saw it.
struct Ending {
  std::string announcements;  // all that it wrote to the reply pipe
  std::string error_text;     // the end of its standard error
  int status = 0;             // from waitpid
  bool timed_out = false, interrupted = false;
};

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  if (end == text.npos) return {};
  const std::size_t begin = text.rfind('\n', end);
  return text.substr(begin == text.npos ? 0 : begin + 1,
                     end - (begin == text.npos ? 0 : begin + 1) + 1);
}

// Lines that are replies.
std::size_t answers_in(const std::string& announcements) {
  std::size_t answers = 0;
  std::istringstream lines(announcements);
  for (std::string line; std::getline(lines, line);) answers += line.starts_with('{');
  return answers;
}

WorkerReply reply_of(const Ending& ending, std::optional<std::chrono::duration<double>> timeout) {
  const std::string said = ending.error_text.empty() ? "" : " (" + ending.error_text + ")";
  if (ending.timed_out) {
    return {.outcome = Outcome::timed_out,
            .detail = fmt::format("killed after {:.4g} s", timeout->count())};
  }
  if (WIFSIGNALED(ending.status)) {
    const int signal = WTERMSIG(ending.status);
    if (signal == SIGKILL) {
      return {.outcome = Outcome::out_of_memory,
              .detail = "killed by the system, most likely because memory ran out"};
    }
    return {.outcome = Outcome::crashed,
            .detail = explain_crash(signal, ending.announcements) + said};
  }
  if (answers_in(ending.announcements) > 1) {
    return {.outcome = Outcome::crashed,
            .detail = "two processes answered: the codec forked and let both return" + said};
  }
  const std::string line = last_line(ending.announcements);
  if (WEXITSTATUS(ending.status) == 0 && line.starts_with('{')) return parse_reply(line);
  return {.outcome = Outcome::crashed,
          .detail = fmt::format("the worker exited with code {} and no answer{}",
                                WEXITSTATUS(ending.status), said)};
}

std::string tail_of(int descriptor) {
  const off_t size = lseek(descriptor, 0, SEEK_END);
  if (size <= 0) return {};
  const auto wanted = std::min<std::size_t>(static_cast<std::size_t>(size), kMostErrorText);
  std::string text(wanted, '\0');
  read_exactly(descriptor, static_cast<std::uint64_t>(size) - wanted,
               std::as_writable_bytes(std::span(text)));
  return last_line(text);
}

// Without taking its status, which reap() wants.
bool has_ended(pid_t worker) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(worker), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == worker;
}

// Reads the reply pipe until the worker closes it, the deadline passes, or the user interrupts. A
// process that a codec left behind may hold the pipe open: it is not waited for.
void listen(int pipe, pid_t worker, std::optional<Clock::time_point> deadline,
            const std::function<bool()>& interrupted, Ending& ending) {
  std::array<char, 1 << 16> chunk;
  bool ended = false;
  while (true) {
    if (interrupted()) ending.interrupted = true;
    if (deadline && Clock::now() >= *deadline) ending.timed_out = true;
    if (ending.interrupted || ending.timed_out) return;
    pollfd waiting{.fd = pipe, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, ended ? 0 : kPollMilliseconds) <= 0) {
      // What it said just before it ended may still be in the pipe.
      if (ended) return;
      ended = has_ended(worker);
      continue;
    }
    const ssize_t got = read(pipe, chunk.data(), chunk.size());
    if (got == 0) return;
    if (got > 0) ending.announcements.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

// Waits for the worker, which has closed its pipe or is being killed; whatever is left of its
// process group is killed too.
void reap(pid_t worker, std::optional<Clock::time_point> deadline, Ending& ending) {
  if (ending.interrupted || ending.timed_out) kill(-worker, SIGKILL);
  while (waitpid(worker, &ending.status, WNOHANG) == 0) {
    if (deadline && Clock::now() >= *deadline && !ending.timed_out) {
      ending.timed_out = true;
      kill(-worker, SIGKILL);
    }
    poll(nullptr, 0, 1);
  }
  kill(-worker, SIGKILL);
}

}  // namespace

AnonymousFile::AnonymousFile() {
  std::string name = (std::filesystem::temp_directory_path() / "evalzip-XXXXXX").string();
  descriptor_ = mkstemp(name.data());
  if (descriptor_ < 0) fail("cannot make a temporary file in " + name);
  fcntl(descriptor_, F_SETFD, FD_CLOEXEC);
  unlink(name.c_str());
}

AnonymousFile::~AnonymousFile() { close(descriptor_); }

void AnonymousFile::clear() {
  if (ftruncate(descriptor_, 0) != 0 || lseek(descriptor_, 0, SEEK_SET) != 0) {
    fail("cannot empty a temporary file");
  }
}

WorkerProcess::WorkerProcess(std::filesystem::path program, Wrapper wrapper)
    : program_(std::move(program)), wrapper_(std::move(wrapper)) {
  if (access(program_.c_str(), X_OK) == 0) return;
  throw std::runtime_error(fmt::format(
      "the program that lets codecs work, {}, is not there: build or install evalzip as a whole",
      program_.string()));
}

std::optional<WorkerReply> WorkerProcess::run(const WorkerRequest& request, const Files& files,
                                              std::optional<std::chrono::duration<double>> timeout,
                                              const std::function<bool()>& interrupted) {
  const AnonymousFile asking, errors;
  write_all(asking.descriptor(), format_request(request));
  lseek(asking.descriptor(), 0, SEEK_SET);
  const auto [reply_read, reply_write] = make_pipe();
  Descriptor listening(reply_read), speaking(reply_write);

  std::vector<std::string> words;
  if (wrapper_) words = wrapper_(request.phase);
  words.push_back(program_.string());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::array<std::pair<int, int>, 6> places{{{asking.descriptor(), STDIN_FILENO},
                                                   {errors.descriptor(), STDOUT_FILENO},
                                                   {errors.descriptor(), STDERR_FILENO},
                                                   {files.document, kDocumentDescriptor},
                                                   {files.encoded, kEncodedDescriptor},
                                                   {reply_write, kReplyDescriptor}}};
  const pid_t parent = getpid();
  const pid_t worker = fork();
  if (worker < 0) fail("cannot start a worker process");
  if (worker == 0) become_worker(places, arguments.data(), parent);
  setpgid(worker, worker);  // also here: whoever comes first, it is done before any kill
  speaking.reset();

  std::optional<Clock::time_point> deadline;
  if (timeout) {
    deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(*timeout);
  }
  Ending ending;
  listen(listening.get(), worker, deadline, interrupted, ending);
  reap(worker, deadline, ending);
  remove_command_scratch(worker);  // a worker that was killed left it
  const bool from_outside = WIFSIGNALED(ending.status) && !ending.timed_out &&
                            comes_from_outside(WTERMSIG(ending.status));
  if (ending.interrupted || (from_outside && interrupted_soon(interrupted))) return std::nullopt;
  ending.error_text = tail_of(errors.descriptor());
  WorkerReply reply = reply_of(ending, timeout);
  if (!reply.environment.empty()) throw std::runtime_error(reply.environment);
  return reply;
}

}  // namespace evalzip
