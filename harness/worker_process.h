// Starts a worker process, waits for its answer, and turns every way to die into an outcome.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

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

// The program and arguments that a worker is run under, the first by its full path: /usr/bin/env
// with variables, valgrind. May differ between phases.
using Wrapper = std::function<std::vector<std::string>(Phase)>;

class WorkerProcess {
 public:
  // `program` runs run_worker(). Throws std::runtime_error if it is not there.
  explicit WorkerProcess(std::filesystem::path program, Wrapper wrapper = {});

  struct Files {
    int document, encoded;  // open descriptors
  };

  // Runs one request to its end, or kills the worker with all its children at the deadline, or when
  // `interrupted()` says so: then the reply is absent. Throws std::system_error if no process can
  // be started, std::runtime_error if the worker met a machine unfit for work: a full disk.
  std::optional<WorkerReply> run(const WorkerRequest& request, const Files& files,
                                 std::optional<std::chrono::duration<double>> timeout,
                                 const std::function<bool()>& interrupted);

 private:
  std::filesystem::path program_;
  Wrapper wrapper_;
};

}  // namespace evalzip
