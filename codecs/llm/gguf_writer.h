// Writes GGUF version 3.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/codec.h"
#include "codecs/llm/tensor_types.h"

namespace evalzip {

// Takes the file's bytes in order, piece by piece.
using ByteSink = std::function<void(Bytes)>;

// Collects metadata and tensors, then writes them. Keys and names are written in the order in which
// they were added; adding one twice is a mistake that the reader tells of.
class GgufWriter {
 public:
  void add(std::string_view key, std::uint32_t number);
  void add(std::string_view key, float number);
  void add(std::string_view key, bool flag);
  void add(std::string_view key, std::string_view text);
  // Without these a text would become the flag that its address converts to.
  void add(std::string_view key, const char* text) { add(key, std::string_view(text)); }
  void add(std::string_view key, const std::string& text) { add(key, std::string_view{text}); }
  void add(std::string_view key, std::span<const std::string> texts);
  void add(std::string_view key, std::span<const float> numbers);
  void add(std::string_view key, std::span<const std::int32_t> integers);

  // `shape` has the outermost dimension first, as in TensorView; `bytes`, as many as shape and type
  // say, live until write() is done.
  void add_tensor(std::string_view name, TensorType type, std::span<const std::uint64_t> shape,
                  Bytes bytes);

  // May be called any number of times; the same things give the same bytes.
  void write(const ByteSink& sink) const;

 private:
  void add_key(std::string_view key, std::uint32_t type);
  void add_array(std::string_view key, std::uint32_t element_type, std::uint64_t count);

  std::vector<std::byte> keys_, infos_;
  std::uint64_t key_count_ = 0;
  std::vector<Bytes> tensors_;
  std::uint64_t tensor_bytes_ = 0;  // with their padding
};

}  // namespace evalzip
