/* Brotli (Alakuijala, Szabadka): one stream (RFC 7932), as the brotli tool writes it. The encoder
   and the decoder cannot be reset, so each call makes its own. */
#include <brotli/decode.h>
#include <brotli/encode.h>
#include <stdio.h>
#include <stdlib.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: 0 is fastest, 11 is smallest", 0, 11, 11};
static const evalzip_parameter kWindow = {
    sizeof kWindow,
    "lgwin",
    "log2 of the window; 0 for the least that holds the input, at most 24; above 24 not RFC 7932",
    0,
    BROTLI_LARGE_MAX_WINDOW_BITS,
    0};
static const evalzip_parameter* const kParameters[] = {&kLevel, &kWindow, NULL};

typedef struct {
  uint32_t level, window;
} State;

static void* create(const int64_t* values, const char** why) {
  if (values[1] != 0 && values[1] < BROTLI_MIN_WINDOW_BITS) {
    *why = "lgwin is 0 or a log2 from 10 to 30";
    return NULL;
  }
  State* const state = malloc(sizeof *state);
  if (state == NULL) return NULL;
  state->level = (uint32_t)values[0];
  state->window = (uint32_t)values[1];
  return state;
}

static void destroy(void* self) { free(self); }

/* The library's bound holds from level 2 on. Below, input goes in fragments of at least 2^10 bytes,
   and one that would grow is stored behind a header of at most 4 bytes. */
static size_t bound(const void* self, size_t size) {
  (void)self;
  const size_t stored = size + (size >> 7) + 64;
  const size_t claimed = BrotliEncoderMaxCompressedSize(size);
  return claimed > stored ? claimed : stored;
}

/* A window of 2^w bytes reaches 16 less than that back. */
static uint32_t least_window(size_t size) {
  uint32_t window = BROTLI_MIN_WINDOW_BITS;
  while (window < BROTLI_MAX_WINDOW_BITS && ((size_t)1 << window) - 16 < size) ++window;
  return window;
}

static BrotliEncoderState* new_encoder(const State* state, size_t size) {
  BrotliEncoderState* const encoder = BrotliEncoderCreateInstance(NULL, NULL, NULL);
  if (encoder == NULL) return NULL;
  const uint32_t window = state->window != 0 ? state->window : least_window(size);
  const uint32_t hint = size < (1u << 30) ? (uint32_t)size : 1u << 30;
  BrotliEncoderSetParameter(encoder, BROTLI_PARAM_QUALITY, state->level);
  BrotliEncoderSetParameter(encoder, BROTLI_PARAM_LARGE_WINDOW, window > BROTLI_MAX_WINDOW_BITS);
  BrotliEncoderSetParameter(encoder, BROTLI_PARAM_LGWIN, window);
  BrotliEncoderSetParameter(encoder, BROTLI_PARAM_SIZE_HINT, hint);
  return encoder;
}

/* The tool reads files in pieces of this size, and at levels 0 and 1 their borders show. */
static const size_t kPiece = (size_t)1 << 19;

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  BrotliEncoderState* const encoder = new_encoder(self, input_size);
  if (encoder == NULL) return EVALZIP_NO_MEMORY;
  const size_t all_room = room;
  BROTLI_BOOL ok = BROTLI_TRUE, full = BROTLI_FALSE;
  while (ok && !full && !BrotliEncoderIsFinished(encoder)) {
    const size_t taken = input_size < kPiece ? input_size : kPiece;
    size_t piece = taken;
    const BrotliEncoderOperation operation =
        taken < kPiece ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    ok = BrotliEncoderCompressStream(encoder, operation, &piece, &input, &room, &output, NULL);
    input_size -= taken;
    full = piece != 0 || BrotliEncoderHasMoreOutput(encoder);
  }
  BrotliEncoderDestroyInstance(encoder);
  *written = all_room - room;
  if (!ok) return EVALZIP_NO_MEMORY; /* its only way to fail */
  return full ? EVALZIP_TOO_SMALL : EVALZIP_OK;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  const State* const state = self;
  BrotliDecoderState* const decoder = BrotliDecoderCreateInstance(NULL, NULL, NULL);
  if (decoder == NULL) return EVALZIP_NO_MEMORY;
  BrotliDecoderSetParameter(decoder, BROTLI_DECODER_PARAM_LARGE_WINDOW,
                            state->window > BROTLI_MAX_WINDOW_BITS);
  const BrotliDecoderResult result =
      BrotliDecoderDecompressStream(decoder, &input_size, &input, &output_size, &output, NULL);
  BrotliDecoderDestroyInstance(decoder);
  if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return EVALZIP_TOO_SMALL;
  const int whole = result == BROTLI_DECODER_RESULT_SUCCESS && (input_size | output_size) == 0;
  return whole ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static char version[32];
  static const evalzip_codec codec = {.struct_size = sizeof codec,
                                      .name = "brotli",
                                      .version = version,
                                      .summary = "Brotli stream, no container",
                                      .traits = EVALZIP_BIT_EXACT | EVALZIP_STATE_PER_CALL,
                                      .parameters = kParameters,
                                      .create = create,
                                      .destroy = destroy,
                                      .bound = bound,
                                      .encode = encode,
                                      .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  const uint32_t hex = BrotliEncoderVersion(); /* 0xMMMmmmppp */
  snprintf(version, sizeof version, "%u.%u.%u", hex >> 24, hex >> 12 & 0xfff, hex & 0xfff);
  return all;
}
