// Tells bytes that no model of ours would shrink.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace evalzip {

// Looks at windows of a block in their order and remembers marks of them, because noise that occurs
// twice is no noise the second time. Integers only.
class Incompressible {
 public:
  Incompressible();

  // Whether the window looks like compressed or encrypted bytes: all bytes equally frequent, alone,
  // in pairs and as differences, and nothing repeated.
  bool test(std::span<const std::uint8_t> window);

 private:
  bool repeats(std::span<const std::uint8_t> window);

  std::vector<std::uint32_t> marks_;  // of sampled positions, by their hash
};

}  // namespace evalzip
