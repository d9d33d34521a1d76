// Sizes and durations as people type them.
#pragma once

#include <cstdint>
#include <string>

namespace evalzip {

// "65536", "128K", "4MiB" (K, M, G and KiB, MiB, GiB are powers of 1024), "4MB" (KB, MB, GB are
// powers of 1000); fractions are allowed: "1.5M". Throws std::invalid_argument that says so.
std::uint64_t parse_size(const std::string& text);

// "90", "90s", "250ms", "10m", "2h", in seconds. Throws std::invalid_argument that says so.
double parse_duration(const std::string& text);

// "100Mbit/s", "12.5MB/s", "1Gbit/s", in bytes per second, more than 0. Prefixes are powers of
// 1000. Throws std::invalid_argument that says so.
double parse_bandwidth(const std::string& text);

}  // namespace evalzip
