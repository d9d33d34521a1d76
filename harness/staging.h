// Documents and models on the disk of the machine that needs them, fetched from the shared file
// system once per machine and not once per process.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "harness/input_check.h"

namespace evalzip {

// Bytes are not those that were planned with.
class InputChanged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Stage {
 public:
  struct Observer {
    std::function<bool()> interrupted;
    std::function<void(const std::string&)> copied;  // told of each file that was fetched
  };

  // The folder is made where it is not there. Throws std::system_error where it cannot be, and
  // std::runtime_error if it is not a folder of this user alone: what others can write to may hold
  // anything.
  Stage(std::filesystem::path folder, InputCheck& check, Observer observer);

  // A file with exactly these bytes, copied if it is not there yet, or not whole; other processes
  // that want the same wait meanwhile. Throws std::system_error if there is no room, InputChanged
  // if the bytes do not have that hash, Interrupted if the user does not want to wait.
  struct Interrupted {};
  std::filesystem::path place(const InputPart& part) const;

 private:
  std::filesystem::path folder_;
  InputCheck& check_;
  Observer observer_;
};

}  // namespace evalzip
