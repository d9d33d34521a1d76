/* Run-length coding as a plugin of evalzip: pairs of a byte and how often it comes, 1 to 255.
   cc -shared -fPIC -O3 -I INCLUDE rle.c -o rle.so     INCLUDE has evalzip/plugin_abi.h
   evalzip run --plugin ./rle.so --codec rle,store */
#include <evalzip/plugin_abi.h>
#include <string.h>

/* There is nothing to remember, but null would mean that memory ran out. */
static void* create(const int64_t* values, const char** why) {
  static char nothing;
  return &nothing;
}

static void destroy(void* self) {}

static size_t bound(const void* self, size_t size) { return 2 * size; }

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  size_t used = 0;
  for (size_t at = 0; at < input_size; used += 2) {
    size_t run = 1;
    while (run < 255 && at + run < input_size && input[at + run] == input[at]) ++run;
    if (room - used < 2) return EVALZIP_TOO_SMALL;
    output[used] = input[at];
    output[used + 1] = (uint8_t)run;
    at += run;
  }
  *written = used;
  return EVALZIP_OK;
}

/* Whatever the input is: no byte beyond the buffers is touched. */
static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  size_t done = 0;
  if (input_size % 2 != 0) return EVALZIP_CORRUPT;
  for (size_t at = 0; at < input_size; at += 2) {
    const size_t run = input[at + 1];
    if (run == 0 || run > output_size - done) return EVALZIP_CORRUPT;
    memset(output + done, input[at], run);
    done += run;
  }
  return done == output_size ? EVALZIP_OK : EVALZIP_CORRUPT;
}

static const evalzip_codec kRle = {.struct_size = sizeof kRle,
                                   .name = "rle",
                                   .version = "1",
                                   .summary = "run-length coding",
                                   .traits = EVALZIP_BIT_EXACT,
                                   .create = create,
                                   .destroy = destroy,
                                   .bound = bound,
                                   .encode = encode,
                                   .decode = decode};

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static const evalzip_codec* const kAll[] = {&kRle, 0};
  return host_abi_version == EVALZIP_ABI_VERSION ? kAll : 0;
}
