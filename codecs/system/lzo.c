/* LZO (Oberhumer): LZO1X blocks without a container, by its fast encoder (lzo1x) and by its
   thorough one (lzo1x_999). Neither encoder checks the room it has, so less than the bound is
   refused. */
#include <lzo/lzo1x.h>
#include <stdlib.h>

#include "codecs/plugin_abi.h"

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "effort: 1 is fastest, 9 is smallest", 1, 9, 8};
static const evalzip_parameter* const kParameters[] = {&kLevel, NULL};

typedef struct {
  int level; /* 0 for the fast encoder */
  void* memory;
} State;

static void* create_with(int level, size_t memory_size) {
  if (lzo_init() != LZO_E_OK) return NULL;
  State* const state = malloc(sizeof *state);
  if (state == NULL) return NULL;
  state->level = level;
  state->memory = malloc(memory_size);
  if (state->memory != NULL) return state;
  free(state);
  return NULL;
}

static void* create_fast(const int64_t* values, const char** why) {
  (void)values;
  (void)why;
  return create_with(0, LZO1X_1_MEM_COMPRESS);
}

static void* create_thorough(const int64_t* values, const char** why) {
  (void)why;
  return create_with((int)values[0], LZO1X_999_MEM_COMPRESS);
}

static void destroy(void* self) {
  State* const state = self;
  free(state->memory);
  free(state);
}

/* From the library's manual. */
static size_t bound(const void* self, size_t size) {
  (void)self;
  return size + size / 16 + 64 + 3;
}

static int32_t encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t room, size_t* written) {
  const State* const state = self;
  if (room < bound(self, input_size)) return EVALZIP_TOO_SMALL;
  lzo_uint size = 0;
  const int status = state->level == 0
                         ? lzo1x_1_compress(input, input_size, output, &size, state->memory)
                         : lzo1x_999_compress_level(input, input_size, output, &size, state->memory,
                                                    NULL, 0, NULL, state->level);
  *written = size;
  return status == LZO_E_OK ? EVALZIP_OK : EVALZIP_INTERNAL;
}

static int32_t decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                      size_t output_size) {
  (void)self;
  lzo_uint size = output_size;
  const int status = lzo1x_decompress_safe(input, input_size, output, &size, NULL);
  if (status == LZO_E_OUTPUT_OVERRUN) return EVALZIP_TOO_SMALL;
  return status == LZO_E_OK && size == output_size ? EVALZIP_OK : EVALZIP_CORRUPT;
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec fast = {.struct_size = sizeof fast,
                               .name = "lzo1x",
                               .summary = "LZO1X-1, no container",
                               .traits = EVALZIP_BIT_EXACT,
                               .create = create_fast,
                               .destroy = destroy,
                               .bound = bound,
                               .encode = encode,
                               .decode = decode};
  static evalzip_codec thorough = {.struct_size = sizeof thorough,
                                   .name = "lzo1x_999",
                                   .summary = "LZO1X-999, no container",
                                   .traits = EVALZIP_BIT_EXACT,
                                   .parameters = kParameters,
                                   .create = create_thorough,
                                   .destroy = destroy,
                                   .bound = bound,
                                   .encode = encode,
                                   .decode = decode};
  static const evalzip_codec* const all[] = {&fast, &thorough, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  fast.version = thorough.version = lzo_version_string();
  return all;
}
