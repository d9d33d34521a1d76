/* A codec for test plugins: it copies. Each plugin changes the one field it is about. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "codecs/plugin_abi.h"

static inline void* copy_create(const int64_t* values, const char** why) {
  (void)values;
  (void)why;
  return malloc(1);
}

static inline void copy_destroy(void* self) { free(self); }

static inline size_t copy_bound(const void* self, size_t size) {
  (void)self;
  return size;
}

static inline int32_t copy_encode(void* self, const uint8_t* input, size_t input_size,
                                  uint8_t* output, size_t room, size_t* written) {
  (void)self;
  if (room < input_size) return EVALZIP_TOO_SMALL;
  memcpy(output, input, input_size);
  *written = input_size;
  return EVALZIP_OK;
}

static inline int32_t copy_decode(void* self, const uint8_t* input, size_t input_size,
                                  uint8_t* output, size_t output_size) {
  (void)self;
  if (input_size != output_size) return EVALZIP_CORRUPT;
  memcpy(output, input, input_size);
  return EVALZIP_OK;
}

static inline evalzip_codec copy_codec(const char* name) {
  const evalzip_codec codec = {.struct_size = sizeof codec,
                               .name = name,
                               .version = "1",
                               .summary = "copies",
                               .traits = EVALZIP_BIT_EXACT,
                               .parameters = NULL,
                               .create = copy_create,
                               .destroy = copy_destroy,
                               .bound = copy_bound,
                               .encode = copy_encode,
                               .decode = copy_decode};
  return codec;
}
