#include "codecs/tensors/number_format.h"

#include <algorithm>
#include <array>

namespace evalzip {
namespace {

constexpr FloatLayout kHalf{2, 5}, kBrain{2, 8}, kSingle{4, 8}, kDouble{8, 11};
using Kind = Field::Kind;

constexpr Field half(unsigned offset) { return {offset, 2, Kind::floats, kHalf}; }
constexpr Field mixed(unsigned offset, unsigned bytes) { return {offset, bytes, Kind::mixed}; }
constexpr Field planes(unsigned bytes) { return {0, bytes, Kind::planes}; }

constexpr std::array kOctets{mixed(0, 1)};
constexpr std::array kInt16{planes(2)};
constexpr std::array kInt32{planes(4)};
constexpr std::array kInt64{planes(8)};
constexpr std::array kF8E4M3{Field{0, 1, Kind::floats, {1, 4}}};
constexpr std::array kF8E5M2{Field{0, 1, Kind::floats, {1, 5}}};
constexpr std::array kF16{half(0)};
constexpr std::array kBf16{Field{0, 2, Kind::floats, kBrain}};
constexpr std::array kF32{Field{0, 4, Kind::floats, kSingle}};
constexpr std::array kF64{Field{0, 8, Kind::floats, kDouble}};

// The blocks of ggml (G. Gerganov and contributors; the K types I. Kawrakow, 2023): scales, packed
// scales of parts, high bits, and quants.
constexpr std::array kQ8_0{half(0), mixed(2, 32)};
constexpr std::array kQ4_0{half(0), mixed(2, 16)};
constexpr std::array kQ4_1{half(0), half(2), mixed(4, 16)};
constexpr std::array kQ5_0{half(0), mixed(2, 4), mixed(6, 16)};
constexpr std::array kQ5_1{half(0), half(2), mixed(4, 4), mixed(8, 16)};
constexpr std::array kQ2K{mixed(0, 16), mixed(16, 64), half(80), half(82)};
constexpr std::array kQ3K{mixed(0, 32), mixed(32, 64), mixed(96, 12), half(108)};
constexpr std::array kQ4K{half(0), half(2), mixed(4, 12), mixed(16, 128)};
constexpr std::array kQ5K{half(0), half(2), mixed(4, 12), mixed(16, 32), mixed(48, 128)};
constexpr std::array kQ6K{mixed(0, 128), mixed(128, 64), mixed(192, 16), half(208)};
constexpr std::array kIq2Xxs{half(0), mixed(2, 64)};

constexpr std::array<NumberFormat, 22> kFormats{
    {{"bytes", 1, 1, kOctets},     {"f16", 2, 1, kF16},      {"bf16", 2, 1, kBf16},
     {"f32", 4, 1, kF32},          {"f64", 8, 1, kF64},      {"f8_e4m3", 1, 1, kF8E4M3},
     {"f8_e5m2", 1, 1, kF8E5M2},   {"i8", 1, 1, kOctets},    {"i16", 2, 1, kInt16},
     {"i32", 4, 1, kInt32},        {"i64", 8, 1, kInt64},    {"q8_0", 34, 32, kQ8_0},
     {"q4_0", 18, 32, kQ4_0},      {"q4_1", 20, 32, kQ4_1},  {"q5_0", 22, 32, kQ5_0},
     {"q5_1", 24, 32, kQ5_1},      {"q2_k", 84, 256, kQ2K},  {"q3_k", 110, 256, kQ3K},
     {"q4_k", 144, 256, kQ4K},     {"q5_k", 176, 256, kQ5K}, {"q6_k", 210, 256, kQ6K},
     {"iq2_xxs", 66, 256, kIq2Xxs}}};

}  // namespace

std::span<const NumberFormat> number_formats() { return kFormats; }

std::optional<std::size_t> number_format_called(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &NumberFormat::name);
  if (found == kFormats.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kFormats.begin());
}

}  // namespace evalzip
