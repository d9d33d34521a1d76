// Starts a worker process, waits for its answer, and turns every way to die into an outcome.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "harness/worker_protocol.h"

namespace evalzip {

// A file without a name: gone when closed, however the program ends.
class AnonymousFile {
 public:
  // In the folder for temporary files. Throws std::system_error.
  AnonymousFile();
  ~AnonymousFile();
  AnonymousFile(const AnonymousFile&) = delete;
  AnonymousFile& operator=(const AnonymousFile&) = delete;
  int descriptor() const { return descriptor_; }
  void clear();

 private:
  int descriptor_ = -1;
};

class WorkerProcess {
 public:
  // `program` with `arguments` runs run_worker(); usually this very program.
  WorkerProcess(std::filesystem::path program, std::vector<std::string> arguments);

  struct Files {
    int document, encoded;  // open descriptors
  };

  // Runs one request to its end, or kills the worker with all its children at the deadline, or when
  // `interrupted()` says so: then the reply is absent. Throws std::system_error if no process can
  // be started.
  std::optional<WorkerReply> run(const WorkerRequest& request, const Files& files,
                                 std::optional<std::chrono::duration<double>> timeout,
                                 const std::function<bool()>& interrupted);

 private:
  std::filesystem::path program_;
  std::vector<std::string> arguments_;
};

// The file of the running program.
std::filesystem::path this_program();

}  // namespace evalzip
