/* Byte shuffling before Zstandard, as Blosc does it (Alted 2010): the first bytes of all numbers,
   then their second bytes, and so on; then one zstd frame. What general compressors can make of
   numbers. */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {sizeof kLevel, "level", "of zstd", -7, 22, 3};
static const evalzip_parameter kWidth = {sizeof kWidth, "width", "bytes of a number", 1, 16, 2};
static const evalzip_parameter* const kParameters[] = {&kLevel, &kWidth, NULL};

typedef struct {
  size_t width;
  ZSTD_CCtx* compressor;
  ZSTD_DCtx* decompressor;
  uint8_t* planes; /* scratch memory */
  size_t room;
} State;

static void destroy(void* self) {
  State* const state = self;
  ZSTD_freeCCtx(state->compressor);
  ZSTD_freeDCtx(state->decompressor);
  free(state->planes);
  free(state);
}

static void* create(const int64_t* values, const char** why) {
  if (values[0] == 0) {
    *why = "level 0 means the default; write shuffle:3";
    return NULL;
  }
  State* const state = calloc(1, sizeof *state);
  if (state == NULL) return NULL;
  state->width = (size_t)values[1];
  state->compressor = ZSTD_createCCtx();
  state->decompressor = ZSTD_createDCtx();
  if (state->compressor != NULL && state->decompressor != NULL) {
    ZSTD_CCtx_setParameter(state->compressor, ZSTD_c_compressionLevel, (int)values[0]);
    return state;
  }
  destroy(state);
  return NULL;
}

static size_t bound(const void* self, size_t size) {
  (void)self;
  return ZSTD_compressBound(size);
}

/* Null if there is no memory. */
static uint8_t* planes_of(State* state, size_t size) {
  if (state->room < size || state->planes == NULL) {
    free(state->planes);
    state->room = size;
    state->planes = malloc(size + 1);
  }
  return state->planes;
}

static int32_t status_of(size_t result) {
  switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_no_error:
      return EVALZIP_OK;
    case ZSTD_error_memory_allocation:
      return EVALZIP_NO_MEMORY;
    case ZSTD_error_dstSize_tooSmall:
      return EVALZIP_TOO_SMALL;
    default:
      return EVALZIP_CORRUPT;
  }
}

/* Bytes after the last whole number stay at the end. */
static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  State* const state = self;
  uint8_t* const planes = planes_of(state, input_size);
  if (planes == NULL) return EVALZIP_NO_MEMORY;
  const size_t width = state->width, count = input_size / width;
  for (size_t plane = 0; plane < width; ++plane) {
    for (size_t i = 0; i < count; ++i) planes[plane * count + i] = input[i * width + plane];
  }
  memcpy(planes + count * width, input + count * width, input_size - count * width);
  *written = ZSTD_compress2(state->compressor, output, room, planes, input_size);
  const int32_t status = status_of(*written);
  return status == EVALZIP_CORRUPT ? EVALZIP_INTERNAL : status;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  State* const state = self;
  uint8_t* const planes = planes_of(state, output_size);
  if (planes == NULL) return EVALZIP_NO_MEMORY;
  const size_t size =
      ZSTD_decompressDCtx(state->decompressor, planes, output_size, input, input_size);
  const int32_t status = status_of(size);
  if (status != EVALZIP_OK) return status;
  if (size != output_size) return EVALZIP_CORRUPT;
  const size_t width = state->width, count = output_size / width;
  for (size_t plane = 0; plane < width; ++plane) {
    for (size_t i = 0; i < count; ++i) output[i * width + plane] = planes[plane * count + i];
  }
  memcpy(output + count * width, planes + count * width, output_size - count * width);
  return EVALZIP_OK;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec codec = {
      .struct_size = sizeof codec,
      .name = "shuffle",
      .summary = "byte shuffling as Blosc does it, then one Zstandard frame",
      .traits = EVALZIP_BIT_EXACT,
      .parameters = kParameters,
      .create = create,
      .destroy = destroy,
      .bound = bound,
      .encode = encode,
      .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  codec.version = ZSTD_versionString();
  return all;
}
