#include "codecs/llm/tensor_types.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace evalzip {
namespace {

using enum TensorType;

constexpr std::array<TensorFormat, 19> kFormats = {{
    {f32, "F32", 0, 1, 4},        {f16, "F16", 1, 1, 2},
    {bf16, "BF16", 30, 1, 2},     {q8_0, "Q8_0", 8, 32, 34},
    {q4_0, "Q4_0", 2, 32, 18},    {q4_1, "Q4_1", 3, 32, 20},
    {q5_0, "Q5_0", 6, 32, 22},    {q5_1, "Q5_1", 7, 32, 24},
    {q2_k, "Q2_K", 10, 256, 84},  {q3_k, "Q3_K", 11, 256, 110},
    {q4_k, "Q4_K", 12, 256, 144}, {q5_k, "Q5_K", 13, 256, 176},
    {q6_k, "Q6_K", 14, 256, 210}, {iq2_xxs, "IQ2_XXS", 16, 256, 66},
    {f64, "F64", 28, 1, 8},       {i8, "I8", 24, 1, 1},
    {i16, "I16", 25, 1, 2},       {i32, "I32", 26, 1, 4},
    {i64, "I64", 27, 1, 8},
}};

constexpr bool in_order_of_types() {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (static_cast<std::size_t>(kFormats[i].type) != i) return false;
  }
  return true;
}
static_assert(in_order_of_types());

struct Unreadable {
  std::uint32_t ggml_number;
  std::string_view name;
};
constexpr Unreadable kUnreadable[] = {
    {9, "Q8_1"},    {15, "Q8_K"},  {17, "IQ2_XS"}, {18, "IQ3_XXS"}, {19, "IQ1_S"},
    {20, "IQ4_NL"}, {21, "IQ3_S"}, {22, "IQ2_S"},  {23, "IQ4_XS"},  {29, "IQ1_M"},
    {34, "TQ1_0"},  {35, "TQ2_0"}, {39, "MXFP4"}};

}  // namespace

const TensorFormat& format_of(TensorType type) { return kFormats[static_cast<std::size_t>(type)]; }

std::span<const TensorFormat> tensor_formats() { return kFormats; }

std::optional<TensorType> tensor_type_of(std::uint32_t ggml_number) {
  const auto* found = std::ranges::find(kFormats, ggml_number, &TensorFormat::ggml_number);
  if (found == kFormats.end()) return std::nullopt;
  return found->type;
}

std::string_view ggml_type_name(std::uint32_t ggml_number) {
  if (const auto type = tensor_type_of(ggml_number)) return format_of(*type).name;
  const auto* found = std::ranges::find(kUnreadable, ggml_number, &Unreadable::ggml_number);
  return found == std::end(kUnreadable) ? "unknown" : found->name;
}

bool has_binary32_values(TensorType type) { return type <= iq2_xxs; }

}  // namespace evalzip
