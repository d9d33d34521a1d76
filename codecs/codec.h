// What a lossless codec is to evalzip: the file to read first.
//
// Errors: bad data is returned (Result, Fault), a bad environment throws (std::bad_alloc,
// std::runtime_error), a bad request of the user throws SpecError, a bug is an assert.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "codecs/params.h"

namespace evalzip {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

// Why a codec refused. Hostile bytes are data, so this is returned, never thrown.
enum class Fault { corrupt_input, output_too_small, unsupported_input, internal_error };

std::string_view to_string(Fault fault);

// A value or the Fault that stands in its place: the part of C++23's std::expected that we use.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Fault fault) : state_(fault) {}
  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  const T& value() const { return std::get<T>(state_); }
  Fault error() const { return std::get<Fault>(state_); }

 private:
  std::variant<T, Fault> state_;
};

// What a model beside the encoded bytes is, and what it does to code an input.
struct ModelWork {
  std::uint64_t parameters = 0;     // numbers in its file
  std::uint64_t multiply_adds = 0;  // of the model, in one direction
  double cross_entropy_bits = 0;    // of the input, under the model's own probabilities
};

// A lossless block codec with its scratch memory. One instance per thread. It never touches
// memory outside the spans it is given, whatever they hold.
class Codec {
 public:
  virtual ~Codec() = default;

  // Largest encoding, in bytes, of any `size`-byte input. encode() given that much room never
  // answers output_too_small.
  virtual std::size_t bound(std::size_t size) const = 0;

  // Returns how many bytes of `output` were written. The same input gives the same bytes.
  virtual Result<std::size_t> encode(Bytes input, MutableBytes output) = 0;

  // `output` has exactly the original size: every codec is told it, so none pays to store it and
  // none gains by omitting it. Returns the bytes written, which is output.size() on success.
  virtual Result<std::size_t> decode(Bytes input, MutableBytes output) = 0;

  // Code length in bits that the codec's own probability model gives `input`: what a perfect coder
  // would spend. Encoded size minus this is the coder's loss. Absent for codecs without a model.
  virtual std::optional<double> ideal_bits(Bytes input);

  // Size in bytes of the weights a decoder needs beside the encoded bytes. Absent if none.
  virtual std::optional<std::uint64_t> model_bytes() const;

  // Absent for codecs whose model, if any, is in the encoded bytes.
  virtual std::optional<ModelWork> model_work(Bytes input);
};

// Makes the instances of a codec: one per thread.
using CodecMaker = std::function<std::unique_ptr<Codec>()>;

// Facts a reader of the table must know.
struct Traits {
  bool bit_exact = true;        // any machine with this build decodes what another encoded
  bool needs_model = false;     // the model file is not counted in the encoded size
  bool needs_gpu = false;       //
  bool multithreaded = false;   // may use several threads inside one call, if asked to
  bool state_per_call = false;  // the library has no reset: each call pays for its context
};

// One entry of the registry.
struct CodecInfo {
  std::string name;     // what the user types and every report prints
  std::string version;  // of the algorithm or library, not of evalzip
  std::string summary;  // one line for `evalzip list codecs`
  std::vector<Parameter> parameters;
  Traits traits;
  std::string plugin;  // path of the shared object it is in; empty: built in
  // Throws SpecError when the parameters, each in its range, do not go together.
  std::function<std::unique_ptr<Codec>(const Params&)> make;
  // Memory in bytes that encoding or decoding a block of `size` bytes takes beside the block and
  // its encoding, within a few per cent. Empty for codecs that cannot tell before they run.
  std::function<std::uint64_t(const Params&, std::uint64_t size)> memory_bytes = {};
};

}  // namespace evalzip
