/* libdeflate (Biggers): raw deflate (RFC 1951), no container. */
#include <libdeflate.h>
#include <stdlib.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: 1 is fastest, 12 is smallest", 1, 12, 6};
static const evalzip_parameter* const kParameters[] = {&kLevel, NULL};

typedef struct {
  struct libdeflate_compressor* compressor;
  struct libdeflate_decompressor* decompressor;
} State;

static void destroy(void* self) {
  State* const state = self;
  libdeflate_free_compressor(state->compressor);
  libdeflate_free_decompressor(state->decompressor);
  free(state);
}

static void* create(const int64_t* values, const char** why) {
  (void)why;
  State* const state = calloc(1, sizeof *state);
  if (state == NULL) return NULL;
  state->compressor = libdeflate_alloc_compressor((int)values[0]);
  state->decompressor = libdeflate_alloc_decompressor();
  if (state->compressor != NULL && state->decompressor != NULL) return state;
  destroy(state);
  return NULL;
}

static size_t bound(const void* self, size_t size) {
  return libdeflate_deflate_compress_bound(((const State*)self)->compressor, size);
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  State* const state = self;
  *written = libdeflate_deflate_compress(state->compressor, input, input_size, output, room);
  return *written == 0 ? EVALZIP_TOO_SMALL : EVALZIP_OK;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  State* const state = self;
  size_t consumed = 0, size = 0;
  const enum libdeflate_result result = libdeflate_deflate_decompress_ex(
      state->decompressor, input, input_size, output, output_size, &consumed, &size);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return EVALZIP_TOO_SMALL;
  const int whole = consumed == input_size && size == output_size;
  return result == LIBDEFLATE_SUCCESS && whole ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static const evalzip_codec codec = {.struct_size = sizeof codec,
                                      .name = "libdeflate",
                                      /* The library cannot tell its version at run time. */
                                      .version = LIBDEFLATE_VERSION_STRING,
                                      .summary = "deflate by libdeflate, no container",
                                      .traits = EVALZIP_BIT_EXACT,
                                      .parameters = kParameters,
                                      .create = create,
                                      .destroy = destroy,
                                      .bound = bound,
                                      .encode = encode,
                                      .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  return host_abi_version == EVALZIP_ABI_VERSION ? all : NULL;
}
