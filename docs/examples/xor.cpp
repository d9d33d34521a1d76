// A C++ class as a plugin of evalzip: each byte becomes its difference, by exclusive or, from the
// one `distance` before it. It compresses nothing; it shows parameters, state and exceptions. c++
// -std=c++20 -shared -fPIC -O3 -I INCLUDE xor.cpp -o xor.so
#include <evalzip/plugin_abi.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <span>

namespace {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

class XorDelta {
 public:
  explicit XorDelta(std::size_t distance) : distance_(distance) {}

  void encode(Bytes input, MutableBytes output) const {
    std::copy_n(input.begin(), std::min(distance_, input.size()), output.begin());
    for (std::size_t i = distance_; i < input.size(); ++i)
      output[i] = input[i] ^ input[i - distance_];
  }

  void decode(Bytes input, MutableBytes output) const {
    std::copy_n(input.begin(), std::min(distance_, input.size()), output.begin());
    for (std::size_t i = distance_; i < input.size(); ++i)
      output[i] = input[i] ^ output[i - distance_];
  }

 private:
  std::size_t distance_;
};

// No exception may leave a function of the interface.
void* create(const std::int64_t* values, const char**) {
  return new (std::nothrow) XorDelta(static_cast<std::size_t>(values[0]));
}

void destroy(void* self) { delete static_cast<XorDelta*>(self); }

std::size_t bound(const void*, std::size_t size) { return size; }

std::int32_t encode(void* self, const std::uint8_t* input, std::size_t input_size,
                    std::uint8_t* output, std::size_t room, std::size_t* written) {
  if (room < input_size) return EVALZIP_TOO_SMALL;
  static_cast<const XorDelta*>(self)->encode({input, input_size}, {output, input_size});
  *written = input_size;
  return EVALZIP_OK;
}

std::int32_t decode(void* self, const std::uint8_t* input, std::size_t input_size,
                    std::uint8_t* output, std::size_t output_size) {
  if (input_size != output_size) return EVALZIP_CORRUPT;
  static_cast<const XorDelta*>(self)->decode({input, input_size}, {output, output_size});
  return EVALZIP_OK;
}

constexpr evalzip_parameter kDistance{
    sizeof(evalzip_parameter), "distance", "how far back the other byte is", 1, 65536, 1};
constexpr std::array<const evalzip_parameter*, 2> kParameters{&kDistance, nullptr};

constexpr evalzip_codec kXor{sizeof(evalzip_codec),
                             "xor",
                             "1",
                             "exclusive or with an earlier byte",
                             EVALZIP_BIT_EXACT,
                             kParameters.data(),
                             create,
                             destroy,
                             bound,
                             encode,
                             decode};
constexpr std::array<const evalzip_codec*, 2> kAll{&kXor, nullptr};

}  // namespace

extern "C" const evalzip_codec* const* evalzip_plugin(std::uint32_t host_abi_version) {
  return host_abi_version == EVALZIP_ABI_VERSION ? kAll.data() : nullptr;
}
