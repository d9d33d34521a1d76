/* Zopfli (Alakuijala, Vandevenne): a slow search for small deflate, in the zlib container (RFC
   1950), 2 bytes before and 4 after it. It has no decoder: zlib's inflate does that. The library
   allocates its output and all else in each call, and ends the process if it cannot. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zopfli/zopfli.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kIterations = {
    sizeof kIterations, "iterations", "passes of the search", 1, 10000, 15};
static const evalzip_parameter kBlocks = {
    sizeof kBlocks, "blocks", "most blocks of each million bytes; 0 for no limit", 0, 10000, 15};
static const evalzip_parameter* const kParameters[] = {&kIterations, &kBlocks, NULL};

static void* create(const int64_t* values, const char** why) {
  (void)why;
  ZopfliOptions* const options = malloc(sizeof *options);
  if (options == NULL) return NULL;
  ZopfliInitOptions(options);
  options->numiterations = (int)values[0];
  options->blocksplittingmax = (int)values[1];
  return options;
}

static void destroy(void* self) { free(self); }

/* The shortest of the stored, the fixed and the dynamic form of each block is written. A stored one
   costs 5 bytes for each 65535; only blocks of 10 bytes or more are split further. */
static size_t bound(const void* self, size_t size) {
  (void)self;
  return size + size / 2 + 64;
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  unsigned char* encoded = NULL;
  size_t size = 0;
  ZopfliCompress(self, ZOPFLI_FORMAT_ZLIB, input, input_size, &encoded, &size);
  if (size <= room) memcpy(output, encoded, size);
  free(encoded);
  *written = size;
  return size <= room ? EVALZIP_OK : EVALZIP_TOO_SMALL;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  (void)self;
  if (input_size > ULONG_MAX || output_size > ULONG_MAX) return EVALZIP_UNSUPPORTED;
  uLong consumed = input_size;
  uLongf size = output_size;
  const int status = uncompress2(output, &size, input, &consumed);
  if (status == Z_MEM_ERROR) return EVALZIP_NO_MEMORY;
  if (status == Z_BUF_ERROR) return EVALZIP_TOO_SMALL;
  const int whole = consumed == input_size && size == output_size;
  return status == Z_OK && whole ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static const evalzip_codec codec = {.struct_size = sizeof codec,
                                      .name = "zopfli",
                                      /* The library cannot tell its version at run time. */
                                      .version = EVALZIP_LIBRARY_VERSION,
                                      .summary = "deflate by Zopfli, zlib container (6 bytes)",
                                      .traits = EVALZIP_BIT_EXACT | EVALZIP_STATE_PER_CALL,
                                      .parameters = kParameters,
                                      .create = create,
                                      .destroy = destroy,
                                      .bound = bound,
                                      .encode = encode,
                                      .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  return host_abi_version == EVALZIP_ABI_VERSION ? all : NULL;
}
