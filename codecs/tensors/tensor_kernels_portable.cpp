// The loops for any machine.
#include "codecs/tensors/tensor_kernels.h"
#include "codecs/tensors/tensor_loops.h"

namespace evalzip {
namespace {

void read_heads_portable(const std::uint8_t* values, unsigned width,
                         std::span<std::uint16_t> heads) {
  tensor_loops::read_heads(values, width, heads);
}

void write_heads_portable(std::span<const std::uint16_t> heads, unsigned width,
                          std::uint8_t* values) {
  tensor_loops::write_heads(heads, width, values);
}

KeyRange key_range_portable(const HeadCut& cut, std::span<const std::uint16_t> heads,
                            const Lifts& lifts) {
  return tensor_loops::key_range(cut, heads, lifts);
}

bool cut_heads_portable(const HeadCut& cut, std::span<const std::uint16_t> heads,
                        const Lifts& lifts, std::uint8_t* symbols, std::uint8_t* rests) {
  return tensor_loops::cut_heads(cut, heads, lifts, symbols, rests);
}

void join_heads_portable(const HeadCut& cut, std::span<const std::uint8_t> symbols,
                         const std::uint8_t* rests, const Lifts& lifts, std::uint16_t* heads) {
  tensor_loops::join_heads(cut, symbols, rests, lifts, heads);
}

void survey_rows_portable(unsigned bits, std::span<const std::uint16_t> heads, std::size_t columns,
                          const ExponentFacts& facts) {
  tensor_loops::survey_rows(bits, heads, columns, facts);
}

void survey_columns_portable(unsigned bits, std::span<const std::uint16_t> heads,
                             std::size_t columns, const ExponentFacts& facts) {
  tensor_loops::survey_columns(bits, heads, columns, facts);
}

void pack_bits_portable(std::span<const std::uint8_t> numbers, unsigned bits,
                        std::span<std::uint8_t> packed) {
  tensor_loops::pack_bits(numbers, bits, packed);
}

void unpack_bits_portable(std::span<const std::uint8_t> packed, unsigned bits,
                          std::span<std::uint8_t> numbers) {
  tensor_loops::unpack_bits(packed, bits, numbers);
}

void read_plane_portable(const std::uint8_t* values, unsigned width, unsigned plane,
                         std::span<std::uint8_t> bytes) {
  tensor_loops::read_plane(values, width, plane, bytes);
}

void write_plane_portable(std::span<const std::uint8_t> bytes, unsigned width, unsigned plane,
                          std::uint8_t* values) {
  tensor_loops::write_plane(bytes, width, plane, values);
}

void write_words_portable(std::span<const std::uint16_t> heads, const std::uint8_t* low,
                          const std::uint8_t* middle, std::uint8_t* values) {
  tensor_loops::write_words(heads, low, middle, values);
}

constexpr TensorKernels kPortable{
    "portable",           read_heads_portable,  write_heads_portable,    read_plane_portable,
    write_plane_portable, write_words_portable, key_range_portable,      cut_heads_portable,
    join_heads_portable,  survey_rows_portable, survey_columns_portable, pack_bits_portable,
    unpack_bits_portable};

}  // namespace

const TensorKernels& portable_tensor_kernels() {
  static constexpr TensorKernels kKernels = kPortable;
  return kKernels;
}

}  // namespace evalzip
