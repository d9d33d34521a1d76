// Documents that evalzip makes itself: the demo corpus. The same bytes on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalzip {

struct Generator {
  std::string_view name;  // what a manifest calls it
  std::string_view what;  // one line for `evalzip corpus info`
  // The first `size` bytes. Deterministic: integer arithmetic and a fixed seed.
  std::function<std::vector<std::byte>(std::uint64_t size)> generate;
  // Entropy in bits of the source's first `size` symbols; null where it is not known exactly.
  std::function<double(std::uint64_t size)> entropy_bits;
};

// THE list of generators, one line each.
std::vector<Generator> all_generators();

}  // namespace evalzip
