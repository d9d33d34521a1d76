// Codecs that do everything wrong that a codec can do: what the harness must survive and name.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

#include "codecs/plugin_abi.h"

namespace {

constexpr std::size_t kSlack = 64;

struct Self {
  std::vector<std::uint8_t> remembered;
  std::uint64_t calls = 0;
};

void* create(const std::int64_t*, const char**) { return new Self; }
void destroy(void* self) { delete static_cast<Self*>(self); }
std::size_t bound(const void*, std::size_t size) { return size + kSlack; }

// What an honest codec does: copies.
std::int32_t copy(void*, const std::uint8_t* input, std::size_t size, std::uint8_t* output,
                  std::size_t room, std::size_t* written) {
  if (room < size) return EVALZIP_TOO_SMALL;
  std::copy_n(input, size, output);
  *written = size;
  return EVALZIP_OK;
}

std::int32_t copy_back(void*, const std::uint8_t* input, std::size_t size, std::uint8_t* output,
                       std::size_t output_size) {
  if (size != output_size) return EVALZIP_CORRUPT;
  std::copy_n(input, size, output);
  return EVALZIP_OK;
}

// Claims to have compressed; the decoder gives the right number of wrong bytes.
std::int32_t encode_to_one_byte(void*, const std::uint8_t*, std::size_t, std::uint8_t* output,
                                std::size_t, std::size_t* written) {
  output[0] = 42;
  *written = 1;
  return EVALZIP_OK;
}

std::int32_t decode_to_zeros(void*, const std::uint8_t*, std::size_t, std::uint8_t* output,
                             std::size_t output_size) {
  std::fill_n(output, output_size, std::uint8_t{0});
  return EVALZIP_OK;
}

std::int32_t decode_nothing(void*, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t) {
  return EVALZIP_OK;
}

// Keeps the input in its own memory: it would pass a check made in the same process.
std::int32_t encode_by_remembering(void* self, const std::uint8_t* input, std::size_t size,
                                   std::uint8_t* output, std::size_t room, std::size_t* written) {
  static_cast<Self*>(self)->remembered.assign(input, input + size);
  return encode_to_one_byte(self, input, size, output, room, written);
}

std::int32_t decode_from_memory(void* self, const std::uint8_t*, std::size_t, std::uint8_t* output,
                                std::size_t output_size) {
  const std::vector<std::uint8_t>& kept = static_cast<Self*>(self)->remembered;
  if (kept.size() != output_size) return EVALZIP_CORRUPT;
  std::copy(kept.begin(), kept.end(), output);
  return EVALZIP_OK;
}

std::int32_t encode_throwing(void*, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t,
                             std::size_t*) {
  throw std::runtime_error("thrown on purpose");
}

std::int32_t decode_throwing(void*, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t) {
  throw std::runtime_error("thrown on purpose while decoding");
}

std::int32_t encode_aborting(void*, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t,
                             std::size_t*) {
  std::abort();
}

std::int32_t decode_aborting(void*, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t) {
  std::abort();
}

std::int32_t encode_exiting(void*, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t,
                            std::size_t*) {
  std::_Exit(0);
}

std::int32_t encode_forever(void*, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t,
                            std::size_t*) {
  while (true) std::this_thread::sleep_for(std::chrono::seconds(1));
}

// Takes memory until there is none.
std::int32_t encode_hoarding(void*, const std::uint8_t* input, std::size_t size,
                             std::uint8_t* output, std::size_t room, std::size_t* written) {
  constexpr std::size_t kChunk = 16 << 20;
  static std::vector<std::vector<std::uint8_t>> hoard;
  while (true) {
    hoard.emplace_back(kChunk, std::uint8_t{1});
    if (hoard.size() > 1 << 20) return copy(nullptr, input, size, output, room, written);
  }
}

std::int32_t encode_without_memory(void*, const std::uint8_t*, std::size_t, std::uint8_t*,
                                   std::size_t, std::size_t*) {
  return EVALZIP_NO_MEMORY;
}

// Compilers must not see that these go too far.
std::uint8_t* beyond(std::uint8_t* output, std::size_t distance) {
  volatile std::size_t hidden = distance;
  return output + hidden;
}

std::int32_t encode_overrunning(void* self, const std::uint8_t* input, std::size_t size,
                                std::uint8_t* output, std::size_t room, std::size_t* written) {
  *beyond(output, room) = 7;
  return copy(self, input, size, output, room, written);
}

std::int32_t encode_far_overrunning(void* self, const std::uint8_t* input, std::size_t size,
                                    std::uint8_t* output, std::size_t room, std::size_t* written) {
  constexpr std::size_t kPage = 4096;
  *beyond(output, room + kPage) = 7;
  return copy(self, input, size, output, room, written);
}

std::int32_t decode_overrunning(void* self, const std::uint8_t* input, std::size_t size,
                                std::uint8_t* output, std::size_t output_size) {
  *beyond(output, output_size) = 7;
  return copy_back(self, input, size, output, output_size);
}

std::int32_t encode_changing_input(void* self, const std::uint8_t* input, std::size_t size,
                                   std::uint8_t* output, std::size_t room, std::size_t* written) {
  if (size > 0) *const_cast<std::uint8_t*>(input) = 0;
  return copy(self, input, size, output, room, written);
}

// Another byte at the end from call to call; decodes well all the same.
std::int32_t encode_with_call_count(void* self, const std::uint8_t* input, std::size_t size,
                                    std::uint8_t* output, std::size_t room, std::size_t* written) {
  const std::int32_t status = copy(self, input, size, output, room, written);
  output[size] = static_cast<std::uint8_t>(++static_cast<Self*>(self)->calls);
  ++*written;
  return status;
}

// The same in every call of a process, another in every process.
std::int32_t encode_with_time(void* self, const std::uint8_t* input, std::size_t size,
                              std::uint8_t* output, std::size_t room, std::size_t* written) {
  timespec now{};
  if (static_cast<Self*>(self)->calls == 0) {
    timespec_get(&now, TIME_UTC);
    static_cast<Self*>(self)->calls = static_cast<std::uint64_t>(now.tv_nsec) | 1;
  }
  const std::int32_t status = copy(self, input, size, output, room, written);
  std::memcpy(output + size, &static_cast<Self*>(self)->calls, 8);
  *written += 8;
  return status;
}

std::int32_t decode_ignoring_tail(void* self, const std::uint8_t* input, std::size_t size,
                                  std::uint8_t* output, std::size_t output_size) {
  if (size < output_size) return EVALZIP_CORRUPT;
  return copy_back(self, input, output_size, output, output_size);
}

std::int32_t encode_refusing(void*, const std::uint8_t*, std::size_t, std::uint8_t*, std::size_t,
                             std::size_t*) {
  return EVALZIP_UNSUPPORTED;
}

// Leaves a process behind that holds all that the worker has open.
std::int32_t encode_leaving_a_child(void* self, const std::uint8_t* input, std::size_t size,
                                    std::uint8_t* output, std::size_t room, std::size_t* written) {
  if (static_cast<Self*>(self)->calls++ == 0 && fork() == 0) {
    while (true) pause();
  }
  return copy(self, input, size, output, room, written);
}

// Both processes go on, the parent a little later, so that it has not ended when the child answers.
std::int32_t encode_forking(void* self, const std::uint8_t* input, std::size_t size,
                            std::uint8_t* output, std::size_t room, std::size_t* written) {
  if (static_cast<Self*>(self)->calls++ == 0 && fork() != 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  return copy(self, input, size, output, room, written);
}

void* create_crashing(const std::int64_t*, const char**) { std::abort(); }

void* create_refusing(const std::int64_t*, const char** why) {
  *why = "these values do not go together";
  return nullptr;
}

evalzip_codec codec(const char* name, decltype(evalzip_codec::encode) encode,
                    decltype(evalzip_codec::decode) decode) {
  return {sizeof(evalzip_codec),
          name,
          "1",
          "fault codec of the tests",
          0,
          nullptr,
          create,
          destroy,
          bound,
          encode,
          decode};
}

}  // namespace

extern "C" const evalzip_codec* const* evalzip_plugin(std::uint32_t) {
  static std::array codecs{
      codec("honest", copy, copy_back),
      codec("liar", encode_to_one_byte, decode_to_zeros),
      codec("idler", encode_to_one_byte, decode_nothing),
      codec("rememberer", encode_by_remembering, decode_from_memory),
      codec("thrower", encode_throwing, copy_back),
      codec("decode-thrower", copy, decode_throwing),
      codec("crasher", encode_aborting, copy_back),
      codec("decode-crasher", copy, decode_aborting),
      codec("create-crasher", copy, copy_back),
      codec("create-refuser", copy, copy_back),
      codec("exiter", encode_exiting, copy_back),
      codec("hanger", encode_forever, copy_back),
      codec("hog", encode_hoarding, copy_back),
      codec("memoryless", encode_without_memory, copy_back),
      codec("overrunner", encode_overrunning, copy_back),
      codec("far-overrunner", encode_far_overrunning, copy_back),
      codec("decode-overrunner", copy, decode_overrunning),
      codec("input-changer", encode_changing_input, copy_back),
      codec("call-counter", encode_with_call_count, decode_ignoring_tail),
      codec("clock-reader", encode_with_time, decode_ignoring_tail),
      codec("child-leaver", encode_leaving_a_child, copy_back),
      codec("forker", encode_forking, copy_back),
      codec("refuser", encode_refusing, copy_back),
  };
  static std::vector<const evalzip_codec*> list;
  if (list.empty()) {
    for (evalzip_codec& one : codecs) {
      if (std::strcmp(one.name, "create-crasher") == 0) one.create = create_crashing;
      if (std::strcmp(one.name, "create-refuser") == 0) one.create = create_refusing;
      list.push_back(&one);
    }
    list.push_back(nullptr);
  }
  return list.data();
}
