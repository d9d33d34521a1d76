/* LZ4 (Collet): the block format alone, without the frame of the lz4 tool. */
#include <lz4.h>
#include <lz4hc.h>
#include <stdlib.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kAcceleration = {
    sizeof kAcceleration, "acceleration", "1 is smallest, more is faster", 1, 65537, 1};
static const evalzip_parameter* const kFastParameters[] = {&kAcceleration, NULL};

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: 1 is fastest, 12 is smallest", 1, LZ4HC_CLEVEL_MAX, 9};
static const evalzip_parameter* const kHighParameters[] = {&kLevel, NULL};

typedef int (*Compress)(void* memory, const char* input, char* output, int input_size, int room,
                        int effort);

typedef struct {
  Compress compress;
  int effort; /* the acceleration or the level */
  void* memory;
} State;

static void* create(Compress compress, int64_t effort, int memory_size) {
  State* const state = malloc(sizeof *state);
  if (state == NULL) return NULL;
  state->compress = compress;
  state->effort = (int)effort;
  state->memory = malloc((size_t)memory_size);
  if (state->memory != NULL) return state;
  free(state);
  return NULL;
}

static void* create_fast(const int64_t* values, const char** why) {
  (void)why;
  return create(LZ4_compress_fast_extState, values[0], LZ4_sizeofState());
}

static void* create_high(const int64_t* values, const char** why) {
  (void)why;
  return create(LZ4_compress_HC_extStateHC, values[0], LZ4_sizeofStateHC());
}

static void destroy(void* self) {
  State* const state = self;
  free(state->memory);
  free(state);
}

static size_t bound(const void* self, size_t size) {
  (void)self;
  return size > LZ4_MAX_INPUT_SIZE ? 0 : (size_t)LZ4_compressBound((int)size);
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  const State* const state = self;
  if (input_size > LZ4_MAX_INPUT_SIZE) return EVALZIP_UNSUPPORTED;
  const int limit = room > INT32_MAX ? INT32_MAX : (int)room;
  const int size = state->compress(state->memory, (const char*)input, (char*)output,
                                   (int)input_size, limit, state->effort);
  if (size <= 0) return EVALZIP_TOO_SMALL;
  *written = (size_t)size;
  return EVALZIP_OK;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  (void)self;
  if (input_size > INT32_MAX || output_size > INT32_MAX) return EVALZIP_UNSUPPORTED;
  const int size =
      LZ4_decompress_safe((const char*)input, (char*)output, (int)input_size, (int)output_size);
  return size >= 0 && (size_t)size == output_size ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec fast = {.struct_size = sizeof fast,
                               .name = "lz4",
                               .summary = "LZ4 block, no container",
                               .traits = EVALZIP_BIT_EXACT,
                               .parameters = kFastParameters,
                               .create = create_fast,
                               .destroy = destroy,
                               .bound = bound,
                               .encode = encode,
                               .decode = decode};
  static evalzip_codec high = {.struct_size = sizeof high,
                               .name = "lz4hc",
                               .summary = "LZ4 block by the high compression encoder, no container",
                               .traits = EVALZIP_BIT_EXACT,
                               .parameters = kHighParameters,
                               .create = create_high,
                               .destroy = destroy,
                               .bound = bound,
                               .encode = encode,
                               .decode = decode};
  static const evalzip_codec* const all[] = {&fast, &high, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  fast.version = high.version = LZ4_versionString();
  return all;
}
