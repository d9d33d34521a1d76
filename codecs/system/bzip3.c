/* bzip3 (Palaiologos): Burrows-Wheeler transform and context mixing, in the container of the bzip3
   tool: "BZ3v1", the block size, and before each block its encoded and its original size.

   The decoder of 1.2.2, which Debian 12 ships, writes outside its buffer on hostile input
   (CVE-2023-29421) and can be made to hang (CVE-2023-29415). */
#include <libbz3.h>
#include <stdlib.h>
#include <string.h>

#include "codecs/plugin_abi.h"

enum { kFileHeader = 9, kBlockHeader = 8 };

static const evalzip_parameter kBlock = {sizeof kBlock, "block", "block size in MiB", 1, 511, 16};
static const evalzip_parameter* const kParameters[] = {&kBlock, NULL};

typedef struct {
  struct bz3_state* coder;
  uint8_t* block; /* bz3_bound(block_size) bytes: the library works in place */
  size_t block_size;
} State;

static void* create(const int64_t* values, const char** why) {
  (void)why;
  State* const state = malloc(sizeof *state);
  if (state == NULL) return NULL;
  state->block_size = (size_t)values[0] << 20;
  state->coder = bz3_new((int32_t)state->block_size);
  state->block = malloc(bz3_bound(state->block_size));
  if (state->coder != NULL && state->block != NULL) return state;
  if (state->coder != NULL) bz3_free(state->coder);
  free(state->block);
  free(state);
  return NULL;
}

static void destroy(void* self) {
  State* const state = self;
  bz3_free(state->coder);
  free(state->block);
  free(state);
}

static size_t bound(const void* self, size_t size) {
  const State* const state = self;
  const size_t blocks = size / state->block_size + 1;
  return kFileHeader + bz3_bound(size) + blocks * (kBlockHeader + bz3_bound(0));
}

static void put32(uint8_t* at, size_t value) {
  for (int i = 0; i < 4; ++i) at[i] = (uint8_t)(value >> 8 * i);
}

static size_t get32(const uint8_t* at) {
  return (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

static void put_file_header(uint8_t* at, size_t block_size) {
  memcpy(at, "BZ3v1", 5);
  put32(at + 5, block_size);
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  const State* const state = self;
  if (room < kFileHeader) return EVALZIP_TOO_SMALL;
  put_file_header(output, state->block_size);
  size_t at = kFileHeader;
  while (input_size != 0) {
    const size_t taken = input_size < state->block_size ? input_size : state->block_size;
    memcpy(state->block, input, taken);
    const int32_t size = bz3_encode_block(state->coder, state->block, (int32_t)taken);
    if (size < 0) return EVALZIP_INTERNAL;
    if (room - at < kBlockHeader || room - at - kBlockHeader < (size_t)size) {
      return EVALZIP_TOO_SMALL;
    }
    put32(output + at, (size_t)size);
    put32(output + at + 4, taken);
    memcpy(output + at + kBlockHeader, state->block, (size_t)size);
    at += kBlockHeader + (size_t)size;
    input += taken;
    input_size -= taken;
  }
  *written = at;
  return EVALZIP_OK;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  const State* const state = self;
  uint8_t header[kFileHeader];
  put_file_header(header, state->block_size);
  if (input_size < kFileHeader || memcmp(input, header, kFileHeader) != 0) return EVALZIP_CORRUPT;
  size_t at = kFileHeader;
  while (at != input_size) {
    if (input_size - at < kBlockHeader) return EVALZIP_CORRUPT;
    const size_t size = get32(input + at), original = get32(input + at + 4);
    at += kBlockHeader;
    if (size > input_size - at || size > bz3_bound(state->block_size)) return EVALZIP_CORRUPT;
    if (original > output_size || original > state->block_size) return EVALZIP_CORRUPT;
    memcpy(state->block, input + at, size);
    if (bz3_decode_block(state->coder, state->block, (int32_t)size, (int32_t)original) !=
        (int32_t)original) {
      return EVALZIP_CORRUPT;
    }
    memcpy(output, state->block, original);
    output += original;
    output_size -= original;
    at += size;
  }
  return output_size == 0 ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec codec = {.struct_size = sizeof codec,
                                .name = "bzip3",
                                .summary = "bzip3 in the container of its tool",
                                .traits = EVALZIP_BIT_EXACT,
                                .parameters = kParameters,
                                .create = create,
                                .destroy = destroy,
                                .bound = bound,
                                .encode = encode,
                                .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  codec.version = bz3_version();
  return all;
}
