#include "cluster/slurm.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <system_error>

#include "cluster/command_output.h"
#include "harness/shell_words.h"

namespace evalzip {
namespace {

constexpr std::size_t kUsualArraySize = 1001;

std::string without_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// What a command printed.
std::string output_of(const std::vector<std::string>& words) {
  try {
    CommandOutput output = run_command(words);
    if (output.status == 0) return std::move(output.out);
    throw SlurmError(fmt::format("{} failed with {}: {}", shell_command(words), output.status,
                                 without_end(output.err + output.out)));
  } catch (const std::system_error& error) {
    throw SlurmError(
        fmt::format("{}: is Slurm installed here? `evalzip run --executor print` gives "
                    "the commands for other systems",
                    error.what()));
  }
}

// Zero if it is not a number.
std::size_t number_in(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::size_t array_size() {
  std::istringstream lines(output_of({"scontrol", "show", "config"}));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("MaxArraySize")) continue;
    return std::max<std::size_t>(number_in(line.substr(line.find_last_of("= ") + 1)), 2);
  }
  return kUsualArraySize;
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream parts(line);
  for (std::string field; std::getline(parts, field, '|');) fields.push_back(field);
  return fields;
}

bool has_ended(const std::string& state) {
  return state == "COMPLETED" || state == "CANCELLED" || state == "FAILED" || state == "TIMEOUT";
}

// A user's own habits with squeue must not hide jobs.
std::vector<std::string> squeue() {
  std::vector<std::string> words{"env"};
  for (const char* variable :
       {"SQUEUE_STATES", "SQUEUE_PARTITION", "SQUEUE_NAMES", "SQUEUE_QOS", "SQUEUE_ACCOUNT",
        "SQUEUE_USERS", "SQUEUE_LICENSES", "SQUEUE_SORT", "SQUEUE_FORMAT", "SQUEUE_FORMAT2"}) {
    words.insert(words.end(), {"-u", variable});
  }
  words.push_back("squeue");
  return words;
}

}  // namespace

std::vector<QueuedTask> parse_queue(const std::string& lines) {
  std::vector<QueuedTask> tasks;
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) {
    const std::vector<std::string> fields = fields_of(line);
    if (fields.size() < 5 || has_ended(fields[3])) continue;
    tasks.push_back({.job_name = fields[0],
                     .job_id = fields[1],
                     .task = number_in(fields[2]),
                     .running = fields[3] == "RUNNING" || fields[3] == "CONFIGURING",
                     .reason = fields[4]});
  }
  return tasks;
}

// MaxArraySize is one more than the largest number of a task; numbers begin with 0.
Slurm::Slurm() : most_tasks_(array_size() - 1) {}

std::string Slurm::submit(const std::filesystem::path& script,
                          const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{"sbatch", "--parsable"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.push_back(script.string());
  // "id", or "id;cluster" where there are several.
  const std::string answer = without_end(output_of(words));
  const std::string id = answer.substr(0, answer.find(';'));
  if (number_in(id) == 0) throw SlurmError(fmt::format("sbatch answered '{}'", answer));
  return id;
}

std::vector<QueuedTask> Slurm::queue(const std::string& name_prefix) const {
  std::vector<std::string> words = squeue();
  words.insert(words.end(), {"--noheader", "--array", fmt::format("--user={}", getuid()),
                             fmt::format("--format={}", kQueueFormat)});
  std::vector<QueuedTask> tasks = parse_queue(output_of(words));
  std::erase_if(tasks,
                [&](const QueuedTask& task) { return !task.job_name.starts_with(name_prefix); });
  return tasks;
}

void Slurm::cancel(const std::vector<std::string>& job_ids) const {
  if (job_ids.empty()) return;
  std::vector<std::string> words{"scancel"};
  words.insert(words.end(), job_ids.begin(), job_ids.end());
  output_of(words);
}

}  // namespace evalzip
