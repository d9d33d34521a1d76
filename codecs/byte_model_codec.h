// A codec out of any model of bytes or of their bits: the range coder behind one byte that says
// whether the block is coded or stored. The format "One model" of docs/formats.md.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <utility>

#include "codecs/codec.h"
#include "codecs/entropy_model.h"
#include "codecs/range_coder.h"

namespace evalzip {

// A model that codes whole bytes by itself, in as many intervals as it likes.
template <class M>
concept ByteModel = requires(M model, std::uint8_t byte, RangeEncoder& encoder,
                             RangeDecoder& decoder) {
  { model.encode(byte, encoder) } -> std::same_as<void>;
  { model.decode(decoder) } -> std::same_as<std::uint8_t>;
};

// MakeModel(size) makes the model for a block of `size` bytes: a ByteModel, or one of the bits of
// bytes, the most significant first, which is an EntropyModel of two symbols or a BinaryModel.
template <class MakeModel>
class ByteModelCodec final : public Codec {
 public:
  explicit ByteModelCodec(MakeModel make_model) : make_model_(std::move(make_model)) {}

  std::size_t bound(std::size_t size) const override { return size + 1; }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    if (output.empty()) return Fault::output_too_small;
    // A coding that does not shrink the block does not fit, and the block is stored.
    RangeEncoder encoder(output.subspan(1, std::min(output.size() - 1, input.size())));
    code(input, encoder);
    const Result<std::size_t> coded = encoder.finish();
    if (coded && coded.value() < input.size()) {
      output[0] = kCoded;
      return coded.value() + 1;
    }
    if (output.size() <= input.size()) return Fault::output_too_small;
    output[0] = kStored;
    std::ranges::copy(input, output.begin() + 1);
    return input.size() + 1;
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    if (input.empty()) return Fault::corrupt_input;
    const Bytes rest = input.subspan(1);
    if (input[0] == kStored && rest.size() == output.size()) {
      std::ranges::copy(rest, output.begin());
      return output.size();
    }
    if (input[0] != kCoded || output.empty()) return Fault::corrupt_input;
    RangeDecoder decoder(rest);
    auto model = make_model_(output.size());
    for (std::byte& byte : output) byte = static_cast<std::byte>(decode_byte(model, decoder));
    if (!decoder.whole()) return Fault::corrupt_input;
    return output.size();
  }

  std::optional<double> ideal_bits(Bytes input) override {
    CodeLengthMeter meter;
    code(input, meter);
    return std::min(meter.bits(), 8.0 * static_cast<double>(input.size()));
  }

 private:
  static constexpr std::byte kStored{0}, kCoded{1};

  template <class Encoder>
  void code(Bytes input, Encoder& encoder) {
    auto model = make_model_(input.size());
    for (const std::byte byte : input) {
      encode_byte(model, std::to_integer<std::uint8_t>(byte), encoder);
    }
  }

  template <class Model, class Encoder>
  static void encode_byte(Model& model, std::uint8_t byte, Encoder& encoder) {
    if constexpr (ByteModel<Model>) {
      model.encode(byte, encoder);
    } else {
      for (int i = 7; i >= 0; --i) {
        const unsigned bit = byte >> i & 1u;
        if constexpr (BinaryModel<Model>) {
          encode_bit(model, bit != 0, encoder);
        } else {
          encode_symbol(model, bit, encoder);
        }
      }
    }
  }

  template <class Model>
  static unsigned decode_byte(Model& model, RangeDecoder& decoder) {
    if constexpr (ByteModel<Model>) {
      return model.decode(decoder);
    } else {
      unsigned bits = 0;
      for (int i = 0; i < 8; ++i) {
        if constexpr (BinaryModel<Model>) {
          bits = bits << 1 | (decode_bit(model, decoder) ? 1u : 0u);
        } else {
          bits = bits << 1 | decode_symbol(model, decoder);
        }
      }
      return bits;
    }
  }

  MakeModel make_model_;
};

}  // namespace evalzip
