#include "codecs/codec.h"

namespace evalzip {

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::corrupt_input:
      return "corrupt input";
    case Fault::output_too_small:
      return "output too small";
    case Fault::unsupported_input:
      return "unsupported input";
    case Fault::internal_error:
      return "internal error";
  }
  return "unknown fault";
}

std::optional<double> Codec::ideal_bits(Bytes) { return std::nullopt; }

std::optional<std::uint64_t> Codec::model_bytes() const { return std::nullopt; }

std::optional<ModelWork> Codec::model_work(Bytes) { return std::nullopt; }

}  // namespace evalzip
