// One field of a tensor's numbers: all of its values, side by side, to planes and back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codecs/tensors/float_head.h"
#include "codecs/tensors/number_format.h"
#include "codecs/tensors/plane_coder.h"
#include "codecs/tensors/scale_context.h"

namespace evalzip {

// Keeps its scratch memory; one instance per thread.
class FieldCoder {
 public:
  explicit FieldCoder(PlaneCode code) : planes_(code) {}

  // `values` are whole values of the field; of whole rows of `columns` numbers if that is not 0.
  void append(const Field& field, Bytes values, std::size_t columns, std::vector<std::byte>& out);

  // Takes what append() wrote from the front of `in`. False if it is not that.
  bool take(const Field& field, Bytes& in, std::size_t columns, MutableBytes values);

 private:
  void append_floats(const FloatLayout& layout, Bytes values, std::size_t columns,
                     std::vector<std::byte>& out);
  bool take_floats(const FloatLayout& layout, Bytes& in, std::size_t columns, MutableBytes values);
  std::optional<HeadCut> cut_to_fit(unsigned exponent_bits, const ScaleContext& context);
  void append_octet_floats(unsigned exponent_bits, Bytes values, std::size_t columns,
                           std::vector<std::byte>& out);
  bool take_octet_floats(unsigned exponent_bits, Bytes& in, std::size_t columns,
                         MutableBytes values);
  void append_byte_planes(Bytes values, unsigned width, unsigned planes,
                          std::vector<std::byte>& out);
  bool take_byte_planes(Bytes& in, unsigned width, unsigned planes, MutableBytes values);

  PlaneCoder planes_;
  std::vector<std::uint16_t> heads_;
  std::vector<std::uint8_t> symbols_, rests_, lifts_;
};

}  // namespace evalzip
