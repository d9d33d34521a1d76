/* liblzma (Collin, Pavlov): LZMA2 in the .xz container with CRC64, and LZMA1 in the .lzma
   container, both as the xz tool writes them. A stream that is set up again keeps its memory. */
#include <lzma.h>
#include <stdlib.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: 0 is fastest, 9 is smallest", 0, 9, 6};
static const evalzip_parameter kExtreme = {
    sizeof kExtreme, "extreme", "1 for the slower variant of the level", 0, 1, 0};
static const evalzip_parameter kThreads = {
    sizeof kThreads, "threads", "workers, each on blocks of its own; 0 for one block", 0, 64, 0};
static const evalzip_parameter* const kXzParameters[] = {&kLevel, &kExtreme, &kThreads, NULL};
static const evalzip_parameter* const kLzmaParameters[] = {&kLevel, &kExtreme, NULL};

typedef struct State {
  lzma_ret (*start_encoder)(struct State*);
  lzma_ret (*start_decoder)(struct State*);
  uint32_t preset, threads;
  uint64_t decoder_memory; /* in bytes: what a stream of this preset can ask for, and no more */
  lzma_stream encoder, decoder;
} State;

static lzma_ret start_xz_encoder(State* state) {
  if (state->threads == 0) {
    return lzma_easy_encoder(&state->encoder, state->preset, LZMA_CHECK_CRC64);
  }
  const lzma_mt options = {
      .threads = state->threads, .preset = state->preset, .check = LZMA_CHECK_CRC64};
  return lzma_stream_encoder_mt(&state->encoder, &options);
}

static lzma_ret start_xz_decoder(State* state) {
  return lzma_stream_decoder(&state->decoder, state->decoder_memory, 0);
}

static lzma_ret start_lzma_encoder(State* state) {
  lzma_options_lzma options;
  if (lzma_lzma_preset(&options, state->preset)) return LZMA_OPTIONS_ERROR;
  return lzma_alone_encoder(&state->encoder, &options);
}

static lzma_ret start_lzma_decoder(State* state) {
  return lzma_alone_decoder(&state->decoder, state->decoder_memory);
}

static State* create(const int64_t* values) {
  State* const state = calloc(1, sizeof *state);
  if (state == NULL) return NULL;
  state->preset = (uint32_t)values[0] | (values[1] != 0 ? LZMA_PRESET_EXTREME : 0);
  state->decoder_memory = lzma_easy_decoder_memusage(state->preset) + (1u << 20);
  return state;
}

static void* create_xz(const int64_t* values, const char** why) {
  (void)why;
  State* const state = create(values);
  if (state == NULL) return NULL;
  state->threads = (uint32_t)values[2];
  state->start_encoder = start_xz_encoder;
  state->start_decoder = start_xz_decoder;
  return state;
}

static void* create_lzma(const int64_t* values, const char** why) {
  (void)why;
  State* const state = create(values);
  if (state == NULL) return NULL;
  state->start_encoder = start_lzma_encoder;
  state->start_decoder = start_lzma_decoder;
  return state;
}

static void destroy(void* self) {
  State* const state = self;
  lzma_end(&state->encoder);
  lzma_end(&state->decoder);
  free(state);
}

/* Workers write a header and an index entry for each block, and a block is at least 2^20 bytes. */
static size_t bound_xz(const void* self, size_t size) {
  (void)self;
  return lzma_stream_buffer_bound(size) + ((size >> 20) + 1) * 128;
}

/* LZMA1 cannot store. A literal is at most 9 adaptive binary decisions, and even an input that
   always takes the less likely branch pays below 1.06 bit for each: the model is drawn back to
   even. That is 9.5 bits a byte. */
static size_t bound_lzma(const void* self, size_t size) {
  (void)self;
  return size + size / 4 + 128;
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  State* const state = self;
  lzma_stream* const stream = &state->encoder;
  const lzma_ret started = state->start_encoder(state);
  if (started != LZMA_OK) {
    return started == LZMA_MEM_ERROR ? EVALZIP_NO_MEMORY : EVALZIP_INTERNAL;
  }
  stream->next_in = input;
  stream->avail_in = input_size;
  stream->next_out = output;
  stream->avail_out = room;
  lzma_ret result = LZMA_OK;
  while (result == LZMA_OK && (room == 0 || stream->avail_out != 0)) {
    result = lzma_code(stream, LZMA_FINISH);
  }
  *written = room - stream->avail_out;
  if (result == LZMA_STREAM_END) return EVALZIP_OK;
  if (result == LZMA_MEM_ERROR) return EVALZIP_NO_MEMORY;
  return stream->avail_out == 0 ? EVALZIP_TOO_SMALL : EVALZIP_INTERNAL;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  State* const state = self;
  lzma_stream* const stream = &state->decoder;
  if (state->start_decoder(state) != LZMA_OK) return EVALZIP_NO_MEMORY;
  stream->next_in = input;
  stream->avail_in = input_size;
  /* The .lzma decoder looks at nothing, not even at an end mark, while it has no room at all. */
  uint8_t spare;
  const size_t spare_size = output_size == 0;
  stream->next_out = spare_size != 0 ? &spare : output;
  stream->avail_out = output_size + spare_size;
  /* The second call without progress answers LZMA_BUF_ERROR, so this ends. */
  lzma_ret result = LZMA_OK;
  while (result == LZMA_OK) result = lzma_code(stream, LZMA_FINISH);
  if (result == LZMA_MEM_ERROR) return EVALZIP_NO_MEMORY;
  const int whole = stream->avail_in == 0 && stream->avail_out == spare_size;
  return result == LZMA_STREAM_END && whole ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec xz = {.struct_size = sizeof xz,
                             .name = "xz",
                             .summary = "LZMA2 in the .xz container with CRC64",
                             .traits = EVALZIP_BIT_EXACT | EVALZIP_MULTITHREADED,
                             .parameters = kXzParameters,
                             .create = create_xz,
                             .destroy = destroy,
                             .bound = bound_xz,
                             .encode = encode,
                             .decode = decode};
  static evalzip_codec lzma = {.struct_size = sizeof lzma,
                               .name = "lzma",
                               .summary = "LZMA1 in the .lzma container",
                               .traits = EVALZIP_BIT_EXACT,
                               .parameters = kLzmaParameters,
                               .create = create_lzma,
                               .destroy = destroy,
                               .bound = bound_lzma,
                               .encode = encode,
                               .decode = decode};
  static const evalzip_codec* const all[] = {&xz, &lzma, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  xz.version = lzma.version = lzma_version_string();
  return all;
}
