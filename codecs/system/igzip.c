/* igzip of ISA-L (Intel): raw deflate (RFC 1951), no container. */
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: 0 is fastest, 3 is smallest", 0, ISAL_DEF_MAX_LEVEL, 2};
static const evalzip_parameter* const kParameters[] = {&kLevel, NULL};

typedef struct {
  struct isal_zstream deflate;
  struct inflate_state inflate;
} State;

static uint32_t level_memory(int64_t level) {
  const uint32_t sizes[] = {ISAL_DEF_LVL0_DEFAULT, ISAL_DEF_LVL1_DEFAULT, ISAL_DEF_LVL2_DEFAULT,
                            ISAL_DEF_LVL3_DEFAULT};
  return sizes[level];
}

static void* create(const int64_t* values, const char** why) {
  (void)why;
  State* const state = calloc(1, sizeof *state);
  if (state == NULL) return NULL;
  isal_deflate_init(&state->deflate);
  isal_inflate_init(&state->inflate);
  state->deflate.level = (uint32_t)values[0];
  state->deflate.level_buf_size = level_memory(values[0]);
  state->deflate.level_buf = malloc(state->deflate.level_buf_size + 1u);
  if (state->deflate.level_buf != NULL) return state;
  free(state);
  return NULL;
}

static void destroy(void* self) {
  State* const state = self;
  free(state->deflate.level_buf);
  free(state);
}

/* A literal costs one code, and no code of deflate is longer than 15 bits; headers of blocks and
   the end fit into the rest. */
static size_t bound(const void* self, size_t size) {
  (void)self;
  return 2 * size + 1024;
}

/* Moves up to UINT32_MAX of what is left into a counter of the library, which has 32 bits. */
static void refill(uint32_t* available, size_t* left) {
  if (*available != 0) return;
  *available = *left > UINT32_MAX ? UINT32_MAX : (uint32_t)*left;
  *left -= *available;
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  struct isal_zstream* const stream = &((State*)self)->deflate;
  isal_deflate_reset(stream);
  stream->next_in = (uint8_t*)input;
  stream->next_out = output;
  stream->avail_in = stream->avail_out = 0;
  while (stream->internal_state.state != ZSTATE_END) {
    refill(&stream->avail_in, &input_size);
    refill(&stream->avail_out, &room);
    if (stream->avail_out == 0) return EVALZIP_TOO_SMALL;
    stream->end_of_stream = input_size == 0;
    if (isal_deflate(stream) != COMP_OK) return EVALZIP_INTERNAL;
  }
  *written = (size_t)(stream->next_out - output);
  return EVALZIP_OK;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  struct inflate_state* const stream = &((State*)self)->inflate;
  const uint8_t* const output_end = output + output_size;
  isal_inflate_reset(stream);
  stream->next_in = (uint8_t*)input;
  stream->next_out = output;
  stream->avail_in = stream->avail_out = 0;
  while (stream->block_state != ISAL_BLOCK_FINISH) {
    refill(&stream->avail_in, &input_size);
    refill(&stream->avail_out, &output_size);
    const uint8_t* const before_in = stream->next_in;
    const uint8_t* const before_out = stream->next_out;
    if (isal_inflate(stream) != ISAL_DECOMP_OK) return EVALZIP_CORRUPT;
    const int stuck = stream->next_in == before_in && stream->next_out == before_out;
    if (stuck && stream->block_state != ISAL_BLOCK_FINISH) return EVALZIP_CORRUPT;
  }
  /* Bytes after the end may also wait in the bit buffer. */
  const size_t left = input_size + stream->avail_in + (size_t)stream->read_in_length / 8;
  return left == 0 && stream->next_out == output_end ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static const evalzip_codec codec = {.struct_size = sizeof codec,
                                      .name = "igzip",
                                      /* The library cannot tell its version at run time. */
                                      .version = EVALZIP_LIBRARY_VERSION,
                                      .summary = "deflate by ISA-L, no container",
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
