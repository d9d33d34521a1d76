// Sorting of many 32-bit keys.
#pragma once

#include <cstdint>
#include <span>

namespace evalzip {

// Ascending. `scratch` has at least the size of `keys`.
void radix_sort(std::span<std::uint32_t> keys, std::span<std::uint32_t> scratch);

}  // namespace evalzip
