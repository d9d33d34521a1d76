// A model cannot be had as asked.
#pragma once

#include <stdexcept>

namespace evalzip {

// The message says what was asked, what was found, and what to do. Model files are chosen by the
// user and may come from anywhere, so this is thrown for damaged and hostile ones as well.
class ModelError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace evalzip
