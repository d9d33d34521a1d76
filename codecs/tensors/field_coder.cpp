#include "codecs/tensors/field_coder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "codecs/little_endian.h"
#include "codecs/tensors/tensor_kernels.h"

namespace evalzip {
namespace {

std::uint8_t* octets(MutableBytes bytes) { return reinterpret_cast<std::uint8_t*>(bytes.data()); }
const std::uint8_t* octets(Bytes bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

// How the heads of a field stand in a stream. In `joined_bits` this one stands for planes of bytes.
constexpr std::uint8_t kNoCut = 255;

bool may_lift(Lifts::Of of, std::size_t numbers, std::size_t columns) {
  return of == Lifts::Of::nothing ||
         (of <= Lifts::Of::columns && columns > 0 && numbers % columns == 0);
}

std::size_t lift_count(Lifts::Of of, std::size_t heads, std::size_t columns) {
  if (of == Lifts::Of::nothing) return 0;
  return of == Lifts::Of::rows ? heads / columns : columns;
}

bool can_be_packed(const HeadCut& cut) {
  return cut.rest_bits() == 4 || cut.rest_bits() == 6 || cut.rest_bits() == 8;
}

// Calls act(index, lift) for each of `count` numbers.
template <class Act>
void for_each_lift(const Lifts& lifts, std::size_t count, Act act) {
  const std::size_t columns = lifts.of == Lifts::Of::nothing ? count : lifts.columns;
  for (std::size_t row = 0, i = 0; i < count; ++row) {
    for (std::size_t column = 0; column < columns; ++column, ++i) {
      if (lifts.of == Lifts::Of::nothing) {
        act(i, 0U);
      } else {
        act(i, unsigned{lifts.exponents[lifts.of == Lifts::Of::rows ? row : column]});
      }
    }
  }
}

// The range of lifted keys, or a little more.
KeyRange key_range(const HeadCut& cut, std::span<const std::uint16_t> heads,
                   const ScaleContext& context) {
  if (context.of == Lifts::Of::nothing) return tensor_kernels().front().key_range(cut, heads, {});
  return {.least = context.least_exponent << cut.joined_bits,
          .greatest = ((context.greatest_exponent + 1) << cut.joined_bits) - 1};
}

}  // namespace

void FieldCoder::append(const Field& field, Bytes values, std::size_t columns,
                        std::vector<std::byte>& out) {
  switch (field.kind) {
    case Field::Kind::floats:
      if (field.bytes == 1) {
        return append_octet_floats(field.layout.exponent_bits, values, columns, out);
      }
      return append_floats(field.layout, values, columns, out);
    case Field::Kind::planes:
      return append_byte_planes(values, field.bytes, field.bytes, out);
    case Field::Kind::mixed:
      return planes_.append({octets(values), values.size()}, 8, out);
  }
}

bool FieldCoder::take(const Field& field, Bytes& in, std::size_t columns, MutableBytes values) {
  switch (field.kind) {
    case Field::Kind::floats:
      if (field.bytes == 1) {
        return take_octet_floats(field.layout.exponent_bits, in, columns, values);
      }
      return take_floats(field.layout, in, columns, values);
    case Field::Kind::planes:
      return take_byte_planes(in, field.bytes, field.bytes, values);
    case Field::Kind::mixed:
      return planes_.take(in, 8, {octets(values), values.size()});
  }
  return false;
}

void FieldCoder::append_floats(const FloatLayout& layout, Bytes values, std::size_t columns,
                               std::vector<std::byte>& out) {
  const std::size_t count = values.size() / layout.bytes;
  heads_.resize(count);
  symbols_.resize(count);
  rests_.resize(count);
  const TensorKernels& kernels = tensor_kernels().front();
  kernels.read_heads(octets(values), layout.bytes, heads_);
  ScaleContext context = best_scale_context(layout.exponent_bits, heads_, columns);
  std::optional<HeadCut> fitting = cut_to_fit(layout.exponent_bits, context);
  if (!fitting && context.of != Lifts::Of::nothing) {
    context = {};
    fitting = cut_to_fit(layout.exponent_bits, context);
  }
  if (!fitting) {
    out.push_back(std::byte{kNoCut});
    return append_byte_planes(values, layout.bytes, layout.bytes, out);
  }
  const HeadCut& cut = *fitting;
  out.push_back(static_cast<std::byte>(cut.joined_bits));
  out.push_back(static_cast<std::byte>(context.of));
  append_little_endian(out, static_cast<std::uint16_t>(cut.first));
  planes_.append(context.exponents, 8, out);
  planes_.append(symbols_, 8, out);
  planes_.append(rests_, cut.rest_bits(), out);
  append_byte_planes(values, layout.bytes, layout.bytes - 2, out);
}

// heads_ to symbols_ and rests_, with as many joined bits as fit.
std::optional<HeadCut> FieldCoder::cut_to_fit(unsigned exponent_bits, const ScaleContext& context) {
  for (int joined = static_cast<int>(most_joined_bits(exponent_bits)); joined >= 0; --joined) {
    HeadCut cut{.exponent_bits = exponent_bits, .joined_bits = static_cast<unsigned>(joined)};
    if (!can_be_packed(cut)) continue;
    const KeyRange range = key_range(cut, heads_, context);
    cut.first = std::max(range.least, 1U);
    if (range.greatest >= cut.first + 255) continue;
    // The range of a context leaves out keys of numbers whose exponent is 0.
    if (tensor_kernels().front().cut_heads(cut, heads_, context.lifts(), symbols_.data(),
                                           rests_.data())) {
      return cut;
    }
  }
  return std::nullopt;
}

bool FieldCoder::take_floats(const FloatLayout& layout, Bytes& in, std::size_t columns,
                             MutableBytes values) {
  const std::size_t count = values.size() / layout.bytes;
  if (in.empty()) return false;
  if (in[0] == std::byte{kNoCut}) {
    in = in.subspan(1);
    return take_byte_planes(in, layout.bytes, layout.bytes, values);
  }
  if (in.size() < 4) return false;
  const HeadCut cut{.exponent_bits = layout.exponent_bits,
                    .joined_bits = std::to_integer<unsigned>(in[0]),
                    .first = load_little_endian<std::uint16_t>(in, 2)};
  const auto of = static_cast<Lifts::Of>(in[1]);
  const bool known = cut.joined_bits <= most_joined_bits(layout.exponent_bits) &&
                     can_be_packed(cut) && cut.first > 0 && may_lift(of, count, columns);
  if (!known) return false;
  in = in.subspan(4);
  heads_.resize(count);
  symbols_.resize(count);
  rests_.resize(count);
  lifts_.resize(lift_count(of, count, columns));
  if (!planes_.take(in, 8, lifts_) || !planes_.take(in, 8, symbols_) ||
      !planes_.take(in, cut.rest_bits(), rests_)) {
    return false;
  }
  const TensorKernels& kernels = tensor_kernels().front();
  const Lifts lifts{.of = of, .columns = columns, .exponents = lifts_};
  kernels.join_heads(cut, symbols_, rests_.data(), lifts, heads_.data());
  if (layout.bytes == 4) {
    if (!planes_.take(in, 8, symbols_) || !planes_.take(in, 8, rests_)) return false;
    kernels.write_words(heads_, symbols_.data(), rests_.data(), octets(values));
    return true;
  }
  kernels.write_heads(heads_, layout.bytes, octets(values));
  return take_byte_planes(in, layout.bytes, layout.bytes - 2, values);
}

// The exponent is lifted as those of longer floats are, the sign stays above it. Values of 0 stay.
void FieldCoder::append_octet_floats(unsigned exponent_bits, Bytes values, std::size_t columns,
                                     std::vector<std::byte>& out) {
  heads_.resize(values.size());
  symbols_.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    heads_[i] = static_cast<std::uint16_t>(std::to_integer<unsigned>(values[i]) << 8);
  }
  const unsigned mantissa_bits = 7 - exponent_bits;
  ScaleContext context = best_scale_context(exponent_bits, heads_, columns);
  if ((context.greatest_exponent + 1) << mantissa_bits > 128) context = {};
  out.push_back(static_cast<std::byte>(context.of));
  planes_.append(context.exponents, 8, out);
  for_each_lift(context.lifts(), values.size(), [&](std::size_t i, unsigned lift) {
    const auto octet = std::to_integer<unsigned>(values[i]);
    const unsigned magnitude = octet & 127;
    const unsigned lifted = magnitude == 0 ? 0 : magnitude + (lift << mantissa_bits);
    symbols_[i] = static_cast<std::uint8_t>((octet & 128) | lifted);
  });
  planes_.append(symbols_, 8, out);
}

bool FieldCoder::take_octet_floats(unsigned exponent_bits, Bytes& in, std::size_t columns,
                                   MutableBytes values) {
  if (in.empty()) return false;
  const auto of = static_cast<Lifts::Of>(in[0]);
  in = in.subspan(1);
  if (!may_lift(of, values.size(), columns)) return false;
  lifts_.resize(lift_count(of, values.size(), columns));
  symbols_.resize(values.size());
  if (!planes_.take(in, 8, lifts_) || !planes_.take(in, 8, symbols_)) return false;
  const Lifts lifts{.of = of, .columns = columns, .exponents = lifts_};
  for_each_lift(lifts, values.size(), [&](std::size_t i, unsigned lift) {
    const unsigned lifted = symbols_[i] & 127;
    const unsigned magnitude = lifted == 0 ? 0 : (lifted - (lift << (7 - exponent_bits))) & 127;
    values[i] = static_cast<std::byte>((symbols_[i] & 128) | magnitude);
  });
  return true;
}

// The lowest `planes` bytes of each value of `width`.
void FieldCoder::append_byte_planes(Bytes values, unsigned width, unsigned planes,
                                    std::vector<std::byte>& out) {
  symbols_.resize(values.size() / width);
  for (unsigned plane = 0; plane < planes; ++plane) {
    tensor_kernels().front().read_plane(octets(values), width, plane, symbols_);
    planes_.append(symbols_, 8, out);
  }
}

bool FieldCoder::take_byte_planes(Bytes& in, unsigned width, unsigned planes, MutableBytes values) {
  symbols_.resize(values.size() / width);
  for (unsigned plane = 0; plane < planes; ++plane) {
    if (!planes_.take(in, 8, symbols_)) return false;
    tensor_kernels().front().write_plane(symbols_, width, plane, octets(values));
  }
  return true;
}

}  // namespace evalzip
