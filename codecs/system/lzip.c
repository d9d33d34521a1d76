/* lzlib (Diaz): LZMA in one .lz member as the lzip tool writes it, 6 bytes before and 20 after. The
   encoder goes on to a next member with the memory it has; the decoder has a reset. */
#include <stdint.h>
#include <stdlib.h>

#include <lzlib.h> /* expects stdint.h */

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: 0 is fastest, 9 is smallest", 0, 9, 6};
static const evalzip_parameter* const kParameters[] = {&kLevel, NULL};

/* What the tool's manual gives for its levels 0 to 9. */
static const struct {
  int dictionary_size, longest_match;
} kLevels[] = {{65535, 16},   {1 << 20, 5},  {3 << 19, 6},  {1 << 21, 8},   {3 << 20, 12},
               {1 << 22, 20}, {1 << 23, 36}, {1 << 24, 68}, {3 << 23, 132}, {1 << 25, 273}};

enum { kMostAtOnce = 1 << 30 }; /* the library counts in int */
static const unsigned long long kNoMemberLimit = INT64_MAX;

typedef struct {
  struct LZ_Encoder* encoder;
  struct LZ_Decoder* decoder;
  int level;
} State;

static struct LZ_Encoder* open_encoder(int level) {
  return LZ_compress_open(kLevels[level].dictionary_size, kLevels[level].longest_match,
                          kNoMemberLimit);
}

static void destroy(void* self) {
  State* const state = self;
  LZ_compress_close(state->encoder);
  LZ_decompress_close(state->decoder);
  free(state);
}

static void* create(const int64_t* values, const char** why) {
  (void)why;
  State* const state = malloc(sizeof *state);
  if (state == NULL) return NULL;
  state->level = (int)values[0];
  state->encoder = open_encoder(state->level);
  state->decoder = LZ_decompress_open();
  if (LZ_compress_errno(state->encoder) == LZ_ok && LZ_decompress_errno(state->decoder) == LZ_ok) {
    return state;
  }
  destroy(state);
  return NULL;
}

/* LZMA cannot store. A literal is at most 9 adaptive binary decisions, and even an input that
   always takes the less likely branch pays below 1.06 bit for each: 9.5 bits a byte. */
static size_t bound(const void* self, size_t size) {
  (void)self;
  return size + size / 4 + 128;
}

static int at_most(size_t size) { return size < kMostAtOnce ? (int)size : kMostAtOnce; }

/* Only an encoder that has ended its member can begin another; one that was stopped is replaced. */
static int restart(State* state) {
  if (LZ_compress_total_in_size(state->encoder) == 0 && !LZ_compress_finished(state->encoder)) {
    return 1;
  }
  if (LZ_compress_finished(state->encoder) == 1 &&
      LZ_compress_restart_member(state->encoder, kNoMemberLimit) == 0) {
    return 1;
  }
  LZ_compress_close(state->encoder);
  state->encoder = open_encoder(state->level);
  return LZ_compress_errno(state->encoder) == LZ_ok;
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  State* const state = self;
  if (!restart(state)) return EVALZIP_NO_MEMORY;
  size_t at = 0;
  while (LZ_compress_finished(state->encoder) != 1) {
    const int taken = LZ_compress_write(state->encoder, input, at_most(input_size));
    if (taken < 0) return EVALZIP_INTERNAL;
    input += taken;
    input_size -= (size_t)taken;
    if (input_size == 0) LZ_compress_finish(state->encoder);
    const int given = LZ_compress_read(state->encoder, output + at, at_most(room - at));
    if (given < 0) return EVALZIP_INTERNAL;
    at += (size_t)given;
    if (at == room && LZ_compress_finished(state->encoder) != 1) return EVALZIP_TOO_SMALL;
  }
  *written = at;
  return EVALZIP_OK;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  struct LZ_Decoder* const decoder = ((State*)self)->decoder;
  LZ_decompress_reset(decoder);
  while (LZ_decompress_finished(decoder) != 1) {
    const int taken = LZ_decompress_write(decoder, input, at_most(input_size));
    if (taken < 0) return EVALZIP_CORRUPT;
    input += taken;
    input_size -= (size_t)taken;
    if (input_size == 0) LZ_decompress_finish(decoder);
    const int given = LZ_decompress_read(decoder, output, at_most(output_size));
    if (given < 0) {
      const int memory = LZ_decompress_errno(decoder) == LZ_mem_error;
      return memory ? EVALZIP_NO_MEMORY : EVALZIP_CORRUPT;
    }
    output += given;
    output_size -= (size_t)given;
    if (taken == 0 && given == 0 && LZ_decompress_finished(decoder) != 1) return EVALZIP_CORRUPT;
  }
  return (input_size | output_size) == 0 ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec codec = {.struct_size = sizeof codec,
                                .name = "lzip",
                                .summary = "LZMA by lzlib in the .lz container (26 bytes)",
                                .traits = EVALZIP_BIT_EXACT,
                                .parameters = kParameters,
                                .create = create,
                                .destroy = destroy,
                                .bound = bound,
                                .encode = encode,
                                .decode = decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  codec.version = LZ_version();
  return all;
}
