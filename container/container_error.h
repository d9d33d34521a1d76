// Why an .evz file gives no bytes, or no more of them.
#pragma once

#include <stdexcept>
#include <string>

namespace evalzip {

class ContainerError : public std::runtime_error {
 public:
  enum class Kind {
    damaged,      // a checksum, a size or an end is not what was written
    undecodable,  // the checksum is right, and the codec gives other bytes or none
    not_ours,     // another kind of file, or a version that this program does not know
    unsuitable    // the codec cannot take these bytes or this block size
  };

  ContainerError(Kind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

inline ContainerError damaged(const std::string& what) {
  return {ContainerError::Kind::damaged, what};
}

}  // namespace evalzip
