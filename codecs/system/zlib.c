/* zlib (Gailly and Adler): deflate in the zlib container (RFC 1950), 2 bytes before and 4 after it.
 */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: 1 is fastest, 9 is smallest", 1, 9, 6};
static const evalzip_parameter kStrategy = {
    sizeof kStrategy,
    "strategy",
    "0 default, 1 filtered, 2 Huffman only, 3 run lengths, 4 fixed code",
    0,
    4,
    0};
static const evalzip_parameter kWindow = {
    sizeof kWindow, "window", "log2 of the window in bytes", 9, 15, 15};
static const evalzip_parameter kMemory = {
    sizeof kMemory, "memory", "1 is least, 9 is most: the hash table and the block", 1, 9, 8};
static const evalzip_parameter* const kParameters[] = {&kLevel, &kStrategy, &kWindow, &kMemory,
                                                       NULL};

typedef struct {
  z_stream deflate, inflate;
} State;

static void* create(const int64_t* values, const char** why) {
  (void)why;
  State* const state = calloc(1, sizeof *state);
  if (state == NULL) return NULL;
  if (deflateInit2(&state->deflate, (int)values[0], Z_DEFLATED, (int)values[2], (int)values[3],
                   (int)values[1]) == Z_OK) {
    if (inflateInit(&state->inflate) == Z_OK) return state;
    deflateEnd(&state->deflate);
  }
  free(state);
  return NULL;
}

static void destroy(void* self) {
  State* const state = self;
  deflateEnd(&state->deflate);
  inflateEnd(&state->inflate);
  free(state);
}

static size_t bound(const void* self, size_t size) {
  z_stream stream = ((const State*)self)->deflate; /* deflateBound asks for more than const */
  return deflateBound(&stream, size);
}

/* Moves up to UINT_MAX of what is left into a counter of zlib, which has 32 bits. */
static void refill(uInt* available, size_t* left) {
  if (*available != 0) return;
  *available = *left > UINT_MAX ? UINT_MAX : (uInt)*left;
  *left -= *available;
}

/* Drives deflate or inflate until it ends or can go no further; returns its last status. */
static int drive(z_stream* stream, int (*step)(z_streamp, int), size_t input_left,
                 size_t output_left) {
  int status = Z_OK;
  stream->avail_in = stream->avail_out = 0;
  while (status == Z_OK) {
    refill(&stream->avail_in, &input_left);
    refill(&stream->avail_out, &output_left);
    /* Z_FINISH, when all is there, spares inflate the copy into a window. */
    const int last = input_left == 0 && (step == deflate || output_left == 0);
    status = step(stream, last ? Z_FINISH : Z_NO_FLUSH);
  }
  return status == Z_STREAM_END && (stream->avail_in | input_left) != 0 ? Z_DATA_ERROR : status;
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  z_stream* const stream = &((State*)self)->deflate;
  if (deflateReset(stream) != Z_OK) return EVALZIP_INTERNAL;
  stream->next_in = (Bytef*)input;
  stream->next_out = output;
  const int status = drive(stream, deflate, input_size, room);
  if (status == Z_BUF_ERROR) return EVALZIP_TOO_SMALL;
  if (status != Z_STREAM_END) return EVALZIP_INTERNAL;
  *written = (size_t)(stream->next_out - output);
  return EVALZIP_OK;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  z_stream* const stream = &((State*)self)->inflate;
  if (inflateReset(stream) != Z_OK) return EVALZIP_INTERNAL;
  stream->next_in = (Bytef*)input;
  stream->next_out = output;
  const int status = drive(stream, inflate, input_size, output_size);
  if (status == Z_MEM_ERROR) return EVALZIP_NO_MEMORY;
  const int full = stream->next_out == output + output_size;
  return status == Z_STREAM_END && full ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec codec = {.struct_size = sizeof codec,
                                .name = "zlib",
                                .summary = "deflate by zlib, zlib container (6 bytes)",
                                .traits = EVALZIP_BIT_EXACT,
                                .parameters = kParameters,
                                .create = create,
                                .destroy = destroy,
                                .bound = bound,
                                .encode = encode,
                                .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  codec.version = zlibVersion();
  return all;
}
