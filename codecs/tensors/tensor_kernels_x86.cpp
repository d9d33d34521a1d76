// The loops for x86-64 machines, chosen when the program runs.
#include <array>

#include "codecs/cpu_features.h"
#include "codecs/tensors/tensor_kernels.h"
#include "codecs/tensors/tensor_loops.h"

namespace evalzip {
namespace {

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void read_heads_avx512(
    const std::uint8_t* values, unsigned width, std::span<std::uint16_t> heads) {
  tensor_loops::read_heads(values, width, heads);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void write_heads_avx512(
    std::span<const std::uint16_t> heads, unsigned width, std::uint8_t* values) {
  tensor_loops::write_heads(heads, width, values);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] KeyRange key_range_avx512(
    const HeadCut& cut, std::span<const std::uint16_t> heads, const Lifts& lifts) {
  return tensor_loops::key_range(cut, heads, lifts);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] bool cut_heads_avx512(
    const HeadCut& cut, std::span<const std::uint16_t> heads, const Lifts& lifts,
    std::uint8_t* symbols, std::uint8_t* rests) {
  return tensor_loops::cut_heads(cut, heads, lifts, symbols, rests);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void join_heads_avx512(
    const HeadCut& cut, std::span<const std::uint8_t> symbols, const std::uint8_t* rests,
    const Lifts& lifts, std::uint16_t* heads) {
  tensor_loops::join_heads(cut, symbols, rests, lifts, heads);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void survey_rows_avx512(
    unsigned bits, std::span<const std::uint16_t> heads, std::size_t columns,
    const ExponentFacts& facts) {
  tensor_loops::survey_rows(bits, heads, columns, facts);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void survey_columns_avx512(
    unsigned bits, std::span<const std::uint16_t> heads, std::size_t columns,
    const ExponentFacts& facts) {
  tensor_loops::survey_columns(bits, heads, columns, facts);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void pack_bits_avx512(
    std::span<const std::uint8_t> numbers, unsigned bits, std::span<std::uint8_t> packed) {
  tensor_loops::pack_bits(numbers, bits, packed);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void unpack_bits_avx512(
    std::span<const std::uint8_t> packed, unsigned bits, std::span<std::uint8_t> numbers) {
  tensor_loops::unpack_bits(packed, bits, numbers);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void read_plane_avx512(
    const std::uint8_t* values, unsigned width, unsigned plane, std::span<std::uint8_t> bytes) {
  tensor_loops::read_plane(values, width, plane, bytes);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void write_plane_avx512(
    std::span<const std::uint8_t> bytes, unsigned width, unsigned plane, std::uint8_t* values) {
  tensor_loops::write_plane(bytes, width, plane, values);
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]] void write_words_avx512(
    std::span<const std::uint16_t> heads, const std::uint8_t* low, const std::uint8_t* middle,
    std::uint8_t* values) {
  tensor_loops::write_words(heads, low, middle, values);
}

constexpr TensorKernels kAvx512{"avx512",           read_heads_avx512,     write_heads_avx512,
                                read_plane_avx512,  write_plane_avx512,    write_words_avx512,
                                key_range_avx512,   cut_heads_avx512,      join_heads_avx512,
                                survey_rows_avx512, survey_columns_avx512, pack_bits_avx512,
                                unpack_bits_avx512};

[[gnu::target("avx2")]] void read_heads_avx2(const std::uint8_t* values, unsigned width,
                                             std::span<std::uint16_t> heads) {
  tensor_loops::read_heads(values, width, heads);
}

[[gnu::target("avx2")]] void write_heads_avx2(std::span<const std::uint16_t> heads, unsigned width,
                                              std::uint8_t* values) {
  tensor_loops::write_heads(heads, width, values);
}

[[gnu::target("avx2")]] KeyRange key_range_avx2(const HeadCut& cut,
                                                std::span<const std::uint16_t> heads,
                                                const Lifts& lifts) {
  return tensor_loops::key_range(cut, heads, lifts);
}

[[gnu::target("avx2")]] bool cut_heads_avx2(const HeadCut& cut,
                                            std::span<const std::uint16_t> heads,
                                            const Lifts& lifts, std::uint8_t* symbols,
                                            std::uint8_t* rests) {
  return tensor_loops::cut_heads(cut, heads, lifts, symbols, rests);
}

[[gnu::target("avx2")]] void join_heads_avx2(const HeadCut& cut,
                                             std::span<const std::uint8_t> symbols,
                                             const std::uint8_t* rests, const Lifts& lifts,
                                             std::uint16_t* heads) {
  tensor_loops::join_heads(cut, symbols, rests, lifts, heads);
}

[[gnu::target("avx2")]] void survey_rows_avx2(unsigned bits, std::span<const std::uint16_t> heads,
                                              std::size_t columns, const ExponentFacts& facts) {
  tensor_loops::survey_rows(bits, heads, columns, facts);
}

[[gnu::target("avx2")]] void survey_columns_avx2(unsigned bits,
                                                 std::span<const std::uint16_t> heads,
                                                 std::size_t columns, const ExponentFacts& facts) {
  tensor_loops::survey_columns(bits, heads, columns, facts);
}

[[gnu::target("avx2")]] void pack_bits_avx2(std::span<const std::uint8_t> numbers, unsigned bits,
                                            std::span<std::uint8_t> packed) {
  tensor_loops::pack_bits(numbers, bits, packed);
}

[[gnu::target("avx2")]] void unpack_bits_avx2(std::span<const std::uint8_t> packed, unsigned bits,
                                              std::span<std::uint8_t> numbers) {
  tensor_loops::unpack_bits(packed, bits, numbers);
}

[[gnu::target("avx2")]] void read_plane_avx2(const std::uint8_t* values, unsigned width,
                                             unsigned plane, std::span<std::uint8_t> bytes) {
  tensor_loops::read_plane(values, width, plane, bytes);
}

[[gnu::target("avx2")]] void write_plane_avx2(std::span<const std::uint8_t> bytes, unsigned width,
                                              unsigned plane, std::uint8_t* values) {
  tensor_loops::write_plane(bytes, width, plane, values);
}

[[gnu::target("avx2")]] void write_words_avx2(std::span<const std::uint16_t> heads,
                                              const std::uint8_t* low, const std::uint8_t* middle,
                                              std::uint8_t* values) {
  tensor_loops::write_words(heads, low, middle, values);
}

constexpr TensorKernels kAvx2{"avx2",           read_heads_avx2,     write_heads_avx2,
                              read_plane_avx2,  write_plane_avx2,    write_words_avx2,
                              key_range_avx2,   cut_heads_avx2,      join_heads_avx2,
                              survey_rows_avx2, survey_columns_avx2, pack_bits_avx2,
                              unpack_bits_avx2};

}  // namespace

std::span<const TensorKernels> tensor_kernels() {
  static const std::array kKernels{kAvx512, kAvx2, portable_tensor_kernels()};
  static const std::size_t first = [] {
    const Isa isa = preferred_isa();
    if (isa == Isa::avx512) return 0;
    return isa == Isa::avx2 ? 1 : 2;
  }();
  return std::span(kKernels).subspan(first);
}

}  // namespace evalzip
