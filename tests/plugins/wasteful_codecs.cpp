// A codec that is worse by a set amount: what a comparison must find.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

#include "codecs/plugin_abi.h"

namespace {

constexpr std::size_t kTail = 16;

struct Self {
  std::int64_t waste_percent, extra_bytes;
};

constexpr evalzip_parameter kWaste = {
    sizeof(evalzip_parameter), "waste", "percent of work done for nothing", 0, 1000, 0};
constexpr evalzip_parameter kExtra = {
    sizeof(evalzip_parameter), "extra", "bytes written for nothing", 0, kTail - 1, 0};
constexpr const evalzip_parameter* kParameters[] = {&kWaste, &kExtra, nullptr};

void* create(const std::int64_t* values, const char**) {
  return new (std::nothrow) Self{values[0], values[1]};
}
void destroy(void* self) { delete static_cast<Self*>(self); }
std::size_t bound(const void*, std::size_t size) { return size + kTail; }

// One hundred steps of a hash for each eight bytes, and `waste` more: time and instructions grow
// by that many percent, and the optimizer cannot leave the steps out, since all end in the result.
std::uint64_t work(const Self& self, const std::uint8_t* input, std::size_t size) {
  const std::int64_t steps = 100 + self.waste_percent;
  std::uint64_t hash = 1;
  for (std::size_t at = 0; at + 8 <= size; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, input + at, 8);
    hash ^= word;
    for (std::int64_t step = 0; step < steps; ++step) {
      hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9u;
    }
  }
  return hash;
}

std::int32_t encode(void* self, const std::uint8_t* input, std::size_t size, std::uint8_t* output,
                    std::size_t room, std::size_t* written) {
  const Self& settings = *static_cast<Self*>(self);
  const auto extra = static_cast<std::size_t>(settings.extra_bytes);
  if (room < size + extra) return EVALZIP_TOO_SMALL;
  volatile std::uint64_t result = work(settings, input, size);
  static_cast<void>(result);
  std::copy_n(input, size, output);
  std::fill_n(output + size, extra, std::uint8_t{0});
  *written = size + extra;
  return EVALZIP_OK;
}

std::int32_t decode(void* self, const std::uint8_t* input, std::size_t size, std::uint8_t* output,
                    std::size_t output_size) {
  if (size < output_size) return EVALZIP_CORRUPT;
  volatile std::uint64_t result = work(*static_cast<Self*>(self), input, output_size);
  static_cast<void>(result);
  std::copy_n(input, output_size, output);
  return EVALZIP_OK;
}

}  // namespace

extern "C" const evalzip_codec* const* evalzip_plugin(std::uint32_t) {
  static const evalzip_codec kWaster{sizeof(evalzip_codec),
                                     "waster",
                                     "1",
                                     "wastes a set share of its time",
                                     0,
                                     kParameters,
                                     create,
                                     destroy,
                                     bound,
                                     encode,
                                     decode};
  static const evalzip_codec* const kList[] = {&kWaster, nullptr};
  return kList;
}
