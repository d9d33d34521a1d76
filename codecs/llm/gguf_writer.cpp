#include "codecs/llm/gguf_writer.h"

#include <cassert>

#include "codecs/little_endian.h"

namespace evalzip {
namespace {

constexpr std::uint64_t kAlignment = 32;  // GGUF's preset
constexpr std::uint32_t kU32 = 4, kI32 = 5, kF32 = 6, kFlag = 7, kText = 8, kArray = 9;

std::uint64_t padding_after(std::uint64_t size) {
  return (kAlignment - size % kAlignment) % kAlignment;
}

void append_text(std::vector<std::byte>& bytes, std::string_view text) {
  append_little_endian(bytes, std::uint64_t{text.size()});
  const Bytes content = std::as_bytes(std::span(text));
  bytes.insert(bytes.end(), content.begin(), content.end());
}

}  // namespace

void GgufWriter::add_key(std::string_view key, std::uint32_t type) {
  append_text(keys_, key);
  append_little_endian(keys_, type);
  ++key_count_;
}

void GgufWriter::add_array(std::string_view key, std::uint32_t element_type, std::uint64_t count) {
  add_key(key, kArray);
  append_little_endian(keys_, element_type);
  append_little_endian(keys_, count);
}

void GgufWriter::add(std::string_view key, std::uint32_t number) {
  add_key(key, kU32);
  append_little_endian(keys_, number);
}

void GgufWriter::add(std::string_view key, float number) {
  add_key(key, kF32);
  append_little_endian(keys_, number);
}

void GgufWriter::add(std::string_view key, bool flag) {
  add_key(key, kFlag);
  append_little_endian(keys_, static_cast<std::uint8_t>(flag));
}

void GgufWriter::add(std::string_view key, std::string_view text) {
  add_key(key, kText);
  append_text(keys_, text);
}

void GgufWriter::add(std::string_view key, std::span<const std::string> texts) {
  add_array(key, kText, texts.size());
  for (const std::string& text : texts) append_text(keys_, text);
}

void GgufWriter::add(std::string_view key, std::span<const float> numbers) {
  add_array(key, kF32, numbers.size());
  for (const float number : numbers) append_little_endian(keys_, number);
}

void GgufWriter::add(std::string_view key, std::span<const std::int32_t> integers) {
  add_array(key, kI32, integers.size());
  for (const std::int32_t integer : integers) append_little_endian(keys_, integer);
}

void GgufWriter::add_tensor(std::string_view name, TensorType type,
                            std::span<const std::uint64_t> shape, Bytes bytes) {
  assert(!shape.empty());
  append_text(infos_, name);
  append_little_endian(infos_, static_cast<std::uint32_t>(shape.size()));
  // The file has the length of a row first.
  for (std::size_t i = shape.size(); i-- > 0;) append_little_endian(infos_, shape[i]);
  append_little_endian(infos_, format_of(type).ggml_number);
  append_little_endian(infos_, tensor_bytes_);
  tensors_.push_back(bytes);
  tensor_bytes_ += bytes.size() + padding_after(bytes.size());
}

void GgufWriter::write(const ByteSink& sink) const {
  constexpr std::string_view kMagic = "GGUF";
  std::vector<std::byte> head;
  for (const char letter : kMagic) head.push_back(static_cast<std::byte>(letter));
  append_little_endian(head, std::uint32_t{3});
  append_little_endian(head, std::uint64_t{tensors_.size()});
  append_little_endian(head, key_count_);
  head.insert(head.end(), keys_.begin(), keys_.end());
  head.insert(head.end(), infos_.begin(), infos_.end());
  head.resize(head.size() + padding_after(head.size()));
  sink(head);
  const std::vector<std::byte> zeros(kAlignment);
  for (const Bytes tensor : tensors_) {
    sink(tensor);
    sink(Bytes(zeros).first(padding_after(tensor.size())));
  }
}

}  // namespace evalzip
