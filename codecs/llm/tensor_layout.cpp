#include "codecs/llm/tensor_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "codecs/llm/model_error.h"

namespace evalzip {
namespace {

[[noreturn]] void refuse(const TensorView& tensor, const std::string& file,
                         const std::string& what) {
  throw ModelError(fmt::format(
      "{}: the tensor {} ({} of shape {}) {}; the file is cut short or "
      "damaged: get it again",
      file, tensor.name, format_of(tensor.type).name, fmt::join(tensor.shape, " x "), what));
}

// Absent when it does not fit 64 bits.
std::optional<std::uint64_t> bytes_of(const TensorView& tensor) {
  const TensorFormat& format = format_of(tensor.type);
  std::uint64_t bytes = tensor.shape.back() / format.block_elements;
  if (__builtin_mul_overflow(bytes, std::uint64_t{format.block_bytes}, &bytes)) return std::nullopt;
  std::uint64_t elements = tensor.shape.back();
  for (std::size_t i = 0; i + 1 < tensor.shape.size(); ++i) {
    if (__builtin_mul_overflow(bytes, tensor.shape[i], &bytes)) return std::nullopt;
    if (__builtin_mul_overflow(elements, tensor.shape[i], &elements)) return std::nullopt;
  }
  return bytes;
}

}  // namespace

TensorView place_tensor(TensorView tensor, Bytes area, std::uint64_t offset,
                        const std::string& file) {
  const TensorFormat& format = format_of(tensor.type);
  if (tensor.shape.empty() || std::ranges::count(tensor.shape, 0u) > 0) {
    refuse(tensor, file, "has no elements");
  }
  if (tensor.shape.back() % format.block_elements != 0) {
    refuse(tensor, file,
           fmt::format("has rows that are no whole blocks of {}", format.block_elements));
  }
  const std::optional<std::uint64_t> size = bytes_of(tensor);
  if (!size) refuse(tensor, file, "is larger than 2^64 bytes");
  if (offset > area.size() || *size > area.size() - offset) {
    refuse(tensor, file,
           fmt::format("needs {} bytes at {}, where the file's tensors have {}", *size, offset,
                       area.size()));
  }
  tensor.bytes = area.subspan(offset, *size);
  return tensor;
}

void refuse_overlaps(std::span<const TensorView> tensors, const std::string& file) {
  std::vector<const TensorView*> order;
  for (const TensorView& tensor : tensors) order.push_back(&tensor);
  std::ranges::sort(order, std::less<>(), [](const TensorView* one) { return one->bytes.data(); });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (order[i - 1]->bytes.data() + order[i - 1]->bytes.size() > order[i]->bytes.data()) {
      refuse(*order[i], file, "shares bytes with " + order[i - 1]->name);
    }
  }
}

}  // namespace evalzip
