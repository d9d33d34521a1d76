#include "codecs/tensors/plane_coder.h"

#include <algorithm>

#include "codecs/histogram.h"
#include "codecs/little_endian.h"
#include "codecs/rans_kernels.h"
#include "codecs/rans_row_plan.h"
#include "codecs/tensors/tensor_kernels.h"

namespace evalzip {
namespace {

// Twice the ways that rANS would take for a plane of a chunk, at a price of a hundred bytes: a
// tensor decodes a quarter faster.
constexpr std::size_t kWide = std::size_t{1} << 16;
constexpr int kWays = 64;

enum class Form : std::uint8_t { packed = 0, rans = 1, huffman = 2 };

// No plane is longer.
constexpr std::size_t kLongest = std::size_t{1} << 20;

std::uint8_t* octets(std::byte* bytes) { return reinterpret_cast<std::uint8_t*>(bytes); }

std::span<const std::uint8_t> octets(Bytes bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

// Whether a code may save more than a hundredth of the packed bits: less is not worth the time of
// decoding. Of many numbers a sample is asked, whose length flatters the code by less than that.
bool may_be_worth_coding(std::span<const std::uint8_t> numbers, unsigned bits) {
  constexpr std::size_t kPieces = 8, kPiece = 1024;
  ByteCounter counter;
  std::size_t counted = numbers.size();
  if (numbers.size() <= kPieces * kPiece) {
    counter.add(std::as_bytes(numbers));
  } else {
    counted = kPieces * kPiece;
    const std::size_t step = (numbers.size() - kPiece) / (kPieces - 1);
    for (std::size_t i = 0; i < kPieces; ++i) {
      counter.add(std::as_bytes(numbers.subspan(i * step, kPiece)));
    }
  }
  return entropy_bits(counter.total()) < 0.98 * bits * static_cast<double>(counted);
}

}  // namespace

PlaneCoder::PlaneCoder(PlaneCode code)
    : code_(code),
      stream_({.order = 0, .ways = 0}, rans_kernels(preferred_isa())),
      wide_stream_({.order = 0, .ways = kWays}, rans_kernels(preferred_isa())),
      huffman_(kLongest, huffman_kernels().front()) {}

std::size_t PlaneCoder::bound(std::size_t count) {
  return 1 + 4 + RansStream::bound(count) + count / 8 + 256;
}

Result<std::size_t> PlaneCoder::encode(std::span<const std::uint8_t> numbers, MutableBytes output) {
  if (code_ == PlaneCode::huffman) return huffman_.encode(std::as_bytes(numbers), output);
  RansStream& stream = numbers.size() < kWide ? stream_ : wide_stream_;
  return stream.encode(numbers, {octets(output.data()), output.size()});
}

void PlaneCoder::append(std::span<const std::uint8_t> numbers, unsigned bits,
                        std::vector<std::byte>& out) {
  const std::size_t begin = out.size();
  const std::size_t packed = packed_size(numbers.size(), bits);
  if (may_be_worth_coding(numbers, bits)) {
    const std::size_t body = begin + 5;
    out.resize(begin + bound(numbers.size()));
    const auto written = encode(numbers, MutableBytes(out).subspan(body));
    if (written && 4 + written.value() < packed) {
      const auto size = static_cast<std::uint32_t>(written.value());
      out[begin] = static_cast<std::byte>(code_ == PlaneCode::rans ? Form::rans : Form::huffman);
      store_little_endian(size, MutableBytes(out).subspan(begin + 1));
      out.resize(body + size);
      return;
    }
  }
  out.resize(begin + 1 + packed);
  out[begin] = static_cast<std::byte>(Form::packed);
  tensor_kernels().front().pack_bits(numbers, bits, {octets(out.data()) + begin + 1, packed});
}

bool PlaneCoder::take(Bytes& in, unsigned bits, std::span<std::uint8_t> numbers) {
  if (in.empty()) return false;
  const auto form = static_cast<Form>(in[0]);
  in = in.subspan(1);
  if (form == Form::packed) {
    const std::size_t packed = packed_size(numbers.size(), bits);
    if (in.size() < packed) return false;
    tensor_kernels().front().unpack_bits(octets(in.first(packed)), bits, numbers);
    in = in.subspan(packed);
    return true;
  }
  if ((form != Form::rans && form != Form::huffman) || in.size() < 4) return false;
  const std::size_t size = load_little_endian<std::uint32_t>(in);
  in = in.subspan(4);
  if (in.size() < size) return false;
  const auto read = form == Form::rans
                        ? stream_.decode(octets(in.first(size)), numbers)
                        : huffman_.decode(in.first(size), std::as_writable_bytes(numbers));
  in = in.subspan(size);
  const auto limit = static_cast<std::uint8_t>((1u << bits) - 1);
  return read && (bits == 8 || std::ranges::all_of(numbers, [limit](std::uint8_t number) {
                    return number <= limit;
                  }));
}

}  // namespace evalzip
