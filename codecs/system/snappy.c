/* Snappy (Google): the raw format, which begins with the size as a varint of 1 to 5 bytes. */
#include <snappy-c.h>
#include <stdlib.h>

#include "codecs/plugin_abi.h"

/* The library keeps its hash table to itself and makes it anew in each call. */
static void* create(const int64_t* values, const char** why) {
  (void)values;
  (void)why;
  return malloc(1);
}

static void destroy(void* self) { free(self); }

static size_t bound(const void* self, size_t size) {
  (void)self;
  return snappy_max_compressed_length(size);
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  (void)self;
  if (input_size > UINT32_MAX) return EVALZIP_UNSUPPORTED;
  *written = room;
  const snappy_status status =
      snappy_compress((const char*)input, input_size, (char*)output, written);
  if (status == SNAPPY_BUFFER_TOO_SMALL) return EVALZIP_TOO_SMALL;
  return status == SNAPPY_OK ? EVALZIP_OK : EVALZIP_INTERNAL;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  (void)self;
  size_t size = output_size;
  const snappy_status status =
      snappy_uncompress((const char*)input, input_size, (char*)output, &size);
  if (status == SNAPPY_BUFFER_TOO_SMALL) return EVALZIP_TOO_SMALL;
  return status == SNAPPY_OK && size == output_size ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static const evalzip_codec codec = {.struct_size = sizeof codec,
                                      .name = "snappy",
                                      .version = EVALZIP_LIBRARY_VERSION,
                                      .summary = "Snappy, raw format (size as varint)",
                                      .traits = EVALZIP_BIT_EXACT | EVALZIP_STATE_PER_CALL,
                                      .create = create,
                                      .destroy = destroy,
                                      .bound = bound,
                                      .encode = encode,
                                      .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  return host_abi_version == EVALZIP_ABI_VERSION ? all : NULL;
}
