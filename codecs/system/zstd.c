/* Zstandard (Collet): one frame (RFC 8878) with the content size and without a checksum, as
   `zstd --no-check` writes it. */
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: negative is fastest, 20 to 22 are the tool's --ultra",
    -131072,       22,      3};
static const evalzip_parameter kLong = {
    sizeof kLong, "long", "log2 of the window for long-distance matches; 0 for none", 0, 31, 0};
static const evalzip_parameter kThreads = {
    sizeof kThreads, "threads", "workers beside the caller; 0 for none", 0, 64, 0};
static const evalzip_parameter kStream = {
    sizeof kStream,
    "stream",
    "1: input in pieces, as `zstd --single-thread` reads a file; 0: at once",
    0,
    1,
    0};
static const evalzip_parameter* const kParameters[] = {&kLevel, &kLong, &kThreads, &kStream, NULL};

typedef struct {
  int stream;
  ZSTD_CCtx* compressor;
  ZSTD_DCtx* decompressor;
} State;

static void destroy(void* self) {
  State* const state = self;
  ZSTD_freeCCtx(state->compressor);
  ZSTD_freeDCtx(state->decompressor);
  free(state);
}

static const char* reason_to_refuse(const int64_t* values) {
  if (values[0] == 0) return "level 0 means the default; write zstd:3";
  if (values[1] >= 1 && values[1] <= 9) return "long is 0 or a log2 from 10 to 31";
  return NULL;
}

/* Returns 0 if the library refuses, which only one built without threads does. */
static int configure(State* state, const int64_t* values) {
  ZSTD_CCtx* const compressor = state->compressor;
  size_t refused =
      ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, (int)values[0]));
  refused |= ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_nbWorkers, (int)values[2]));
  if (values[1] != 0) {
    refused |=
        ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_enableLongDistanceMatching, 1));
    refused |= ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_windowLog, (int)values[1]));
    refused |= ZSTD_isError(
        ZSTD_DCtx_setParameter(state->decompressor, ZSTD_d_windowLogMax, (int)values[1]));
  }
  return !refused;
}

static void* create(const int64_t* values, const char** why) {
  const char* const reason = reason_to_refuse(values);
  if (reason != NULL) {
    *why = reason;
    return NULL;
  }
  State* const state = calloc(1, sizeof *state);
  if (state == NULL) return NULL;
  state->compressor = ZSTD_createCCtx();
  state->decompressor = ZSTD_createDCtx();
  if (state->compressor != NULL && state->decompressor != NULL) {
    state->stream = values[3] != 0;
    if (configure(state, values)) return state;
    *why = "this build of libzstd refuses these values: write threads=0";
  }
  destroy(state);
  return NULL;
}

static size_t bound(const void* self, size_t size) {
  (void)self;
  return ZSTD_compressBound(size);
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

/* A window that slides over a buffer of its own finds slightly other matches than one over the
   whole input, so this alone gives the bytes that the tool writes. */
static int32_t encode_in_pieces(ZSTD_CCtx* compressor, const uint8_t* input, size_t input_size,
                                ZSTD_outBuffer* output) {
  ZSTD_inBuffer piece = {input, 0, 0};
  ZSTD_CCtx_reset(compressor, ZSTD_reset_session_only);
  ZSTD_CCtx_setPledgedSrcSize(compressor, input_size);
  for (;;) {
    if (piece.pos == piece.size) {
      const size_t left = input_size - piece.size;
      piece.size += left < ZSTD_CStreamInSize() ? left : ZSTD_CStreamInSize();
    }
    const int last = piece.size == input_size;
    const size_t pending =
        ZSTD_compressStream2(compressor, output, &piece, last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(pending)) return status_of(pending);
    if (last && pending == 0) return EVALZIP_OK;
    if (output->pos == output->size) return EVALZIP_TOO_SMALL;
  }
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  State* const state = self;
  int32_t status;
  if (state->stream) {
    ZSTD_outBuffer buffer = {output, room, 0};
    status = encode_in_pieces(state->compressor, input, input_size, &buffer);
    *written = buffer.pos;
  } else {
    *written = ZSTD_compress2(state->compressor, output, room, input, input_size);
    status = status_of(*written);
  }
  return status == EVALZIP_CORRUPT ? EVALZIP_INTERNAL : status;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  State* const state = self;
  const size_t size =
      ZSTD_decompressDCtx(state->decompressor, output, output_size, input, input_size);
  const int32_t status = status_of(size);
  return status == EVALZIP_OK && size != output_size ? EVALZIP_CORRUPT : status;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec codec = {.struct_size = sizeof codec,
                                .name = "zstd",
                                .summary = "Zstandard frame with content size, without checksum",
                                .traits = EVALZIP_BIT_EXACT | EVALZIP_MULTITHREADED,
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
