#include "cli/open_weights.h"

#include <filesystem>
#include <stdexcept>

#include "codecs/llm/mapped_file.h"

namespace evalzip {

RandomAccess random_access(const InputFile& file) {
  const auto size = file.size();
  if (!size || file.is_standard()) {
    throw std::runtime_error(file.name() +
                             " is a pipe or a device, and weights are read from all "
                             "places of a file: name a file");
  }
  return {.size = *size, .read = [&file](std::uint64_t offset, MutableBytes bytes) {
            file.read_at(offset, bytes);
          }};
}

WeightsFile open_weights(const InputFile& file) {
  const RandomAccess bytes = random_access(file);
  // Mapped only as long as the header is read, so that tensors never count as memory of this
  // process.
  const MappedFile mapped(file.name());
  return {.bytes = bytes,
          .index = read_tensor_index(mapped.bytes(), file.name()),
          .name = std::filesystem::path(file.name()).filename().string()};
}

}  // namespace evalzip
