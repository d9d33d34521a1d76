/* bzip2 (Seward): one .bz2 stream as the bzip2 tool writes it. The library has no reset, so each
   call pays for its context. */
#include <bzlib.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "block size in units of 100,000 bytes", 1, 9, 9};
static const evalzip_parameter* const kParameters[] = {&kLevel, NULL};

typedef struct {
  int level;
} State;

static void* create(const int64_t* values, const char** why) {
  (void)why;
  State* const state = malloc(sizeof *state);
  if (state != NULL) state->level = (int)values[0];
  return state;
}

static void destroy(void* self) { free(self); }

/* From the manual: 1 % and 600 bytes. */
static size_t bound(const void* self, size_t size) {
  (void)self;
  return size + size / 100 + 600;
}

/* Moves up to UINT_MAX of what is left into a counter of bzip2, which has 32 bits. */
static void refill(unsigned* available, size_t* left) {
  if (*available != 0) return;
  *available = *left > UINT_MAX ? UINT_MAX : (unsigned)*left;
  *left -= *available;
}

static int compress(bz_stream* stream, size_t input_left, size_t output_left) {
  int status = BZ_RUN_OK;
  while (status == BZ_RUN_OK || status == BZ_FINISH_OK) {
    refill(&stream->avail_in, &input_left);
    refill(&stream->avail_out, &output_left);
    if (stream->avail_out == 0) return BZ_OUTBUFF_FULL;
    /* Once finishing has begun it must go on with the same input. */
    const int finish = status == BZ_FINISH_OK || input_left == 0;
    status = BZ2_bzCompress(stream, finish ? BZ_FINISH : BZ_RUN);
  }
  return status;
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  const State* const state = self;
  bz_stream stream = {.next_in = (char*)input, .next_out = (char*)output};
  if (BZ2_bzCompressInit(&stream, state->level, 0, 0) != BZ_OK) return EVALZIP_NO_MEMORY;
  const int status = compress(&stream, input_size, room);
  *written = (size_t)((uint8_t*)stream.next_out - output);
  BZ2_bzCompressEnd(&stream);
  if (status == BZ_OUTBUFF_FULL) return EVALZIP_TOO_SMALL;
  return status == BZ_STREAM_END ? EVALZIP_OK : EVALZIP_INTERNAL;
}

/* bzip2 answers BZ_OK even where it can go no further, so progress is watched here. */
static int decompress(bz_stream* stream, size_t input_left, size_t output_left) {
  int status = BZ_OK;
  while (status == BZ_OK) {
    refill(&stream->avail_in, &input_left);
    refill(&stream->avail_out, &output_left);
    const char* const input = stream->next_in;
    const char* const output = stream->next_out;
    status = BZ2_bzDecompress(stream);
    const int stuck = stream->next_in == input && stream->next_out == output;
    if (status == BZ_OK && stuck) return BZ_UNEXPECTED_EOF;
  }
  return status == BZ_STREAM_END && (stream->avail_in | input_left) != 0 ? BZ_DATA_ERROR : status;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  (void)self;
  bz_stream stream = {.next_in = (char*)input, .next_out = (char*)output};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return EVALZIP_NO_MEMORY;
  const int status = decompress(&stream, input_size, output_size);
  const int full = (uint8_t*)stream.next_out == output + output_size;
  BZ2_bzDecompressEnd(&stream);
  if (status == BZ_MEM_ERROR) return EVALZIP_NO_MEMORY;
  return status == BZ_STREAM_END && full ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static char version[16];
  static const evalzip_codec codec = {.struct_size = sizeof codec,
                                      .name = "bzip2",
                                      .version = version,
                                      .summary = "bzip2 in its own container",
                                      .traits = EVALZIP_BIT_EXACT | EVALZIP_STATE_PER_CALL,
                                      .parameters = kParameters,
                                      .create = create,
                                      .destroy = destroy,
                                      .bound = bound,
                                      .encode = encode,
                                      .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  sscanf(BZ2_bzlibVersion(), "%15[^,]", version); /* "1.0.8, 13-Jul-2019" */
  return all;
}
