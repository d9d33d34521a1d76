#include "cli/quantity.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace evalzip {
namespace {

using Units = std::vector<std::pair<std::string, double>>;

constexpr double kLargestSize = 9e18;

// A non-negative number followed by one of the units. "nan", "inf", "0x10" and signs are refused:
// only digits and one point make a number here.
double parse_quantity(const std::string& text, const Units& units, const char* expected) {
  const std::size_t end = text.find_first_not_of("0123456789.");
  const std::string number = text.substr(0, end);
  const std::string unit = end == text.npos ? "" : text.substr(end);
  const bool is_number =
      number.find_first_of("0123456789") != number.npos && number.find('.') == number.rfind('.');
  for (const auto& [name, factor] : units) {
    if (is_number && unit == name) return std::stod(number) * factor;
  }
  throw std::invalid_argument(fmt::format("'{}' is not {}", text, expected));
}

}  // namespace

std::uint64_t parse_size(const std::string& text) {
  static const Units units{{"", 1},          {"B", 1},           {"K", 1024.0}, {"KiB", 1024.0},
                           {"M", 1048576.0}, {"MiB", 1048576.0}, {"G", 0x1p30}, {"GiB", 0x1p30},
                           {"T", 0x1p40},    {"TiB", 0x1p40},    {"KB", 1e3},   {"kB", 1e3},
                           {"MB", 1e6},      {"GB", 1e9},        {"TB", 1e12}};
  const double size = parse_quantity(
      text, units, "a size: write bytes or use K, M, G (powers of 1024) or KB, MB, GB (of 1000)");
  if (size > kLargestSize) throw std::invalid_argument(fmt::format("'{}' is too large", text));
  return static_cast<std::uint64_t>(std::llround(size));
}

double parse_duration(const std::string& text) {
  static const Units units{{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"min", 60}, {"h", 3600}};
  return parse_quantity(text, units, "a duration: write seconds or use ms, s, m, h");
}

double parse_bandwidth(const std::string& text) {
  static const Units units{{"bit/s", 0.125}, {"kbit/s", 125}, {"Mbit/s", 125e3}, {"Gbit/s", 125e6},
                           {"B/s", 1},       {"kB/s", 1e3},   {"MB/s", 1e6},     {"GB/s", 1e9}};
  const double bandwidth =
      parse_quantity(text, units, "a bandwidth: write for example 100Mbit/s or 12.5MB/s");
  if (bandwidth <= 0) throw std::invalid_argument(fmt::format("'{}' sends nothing", text));
  return bandwidth;
}

}  // namespace evalzip
