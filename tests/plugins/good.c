/* Codecs that load: one that copies, from an ABI with more fields; one that reports its parameters;
   and those that answer wrongly when called. */
#include "tests/plugins/copy_codec.h"

/* As a later ABI might have it. */
typedef struct {
  evalzip_codec codec;
  void* field_of_the_future;
} LargerCodec;

static const evalzip_parameter kLevel = {
    sizeof kLevel, "level", "the first byte written", -5, 9, 3};
static const evalzip_parameter kTail = {sizeof kTail, "tail", "the second byte written", 0, 255, 0};
static const evalzip_parameter* const kParameters[] = {&kLevel, &kTail, NULL};

static void* parameters_create(const int64_t* values, const char** why) {
  if (values[0] == 0) *why = "level 0 is refused; write level 1";
  if (values[0] <= 0) return NULL;
  uint8_t* const self = malloc(2);
  if (self == NULL) return NULL;
  self[0] = (uint8_t)values[0];
  self[1] = (uint8_t)values[1];
  return self;
}

static int32_t parameters_encode(void* self, const uint8_t* input, size_t input_size,
                                 uint8_t* output, size_t room, size_t* written) {
  (void)input;
  (void)input_size;
  if (room < 2) return EVALZIP_TOO_SMALL;
  memcpy(output, self, 2);
  *written = 2;
  return EVALZIP_OK;
}

static int32_t liar_encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                           size_t room, size_t* written) {
  (void)self, (void)input, (void)input_size, (void)output;
  *written = room + 1;
  return EVALZIP_OK;
}

/* Answers the status that the first byte of its input names. */
static int32_t status_encode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                             size_t room, size_t* written) {
  (void)self, (void)output, (void)room, (void)written;
  return input_size == 0 ? EVALZIP_OK : (int8_t)input[0];
}

static int32_t status_decode(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                             size_t output_size) {
  (void)self, (void)output, (void)output_size;
  return input_size == 0 ? EVALZIP_OK : (int8_t)input[0];
}

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static LargerCodec larger;
  static evalzip_codec parameters, liar, status;
  static const evalzip_codec* const all[] = {&larger.codec, &parameters, &liar, &status, NULL};
  if (host_abi_version != EVALZIP_ABI_VERSION) return NULL;
  larger.codec = copy_codec("copy");
  larger.codec.struct_size = sizeof larger;
  larger.codec.traits = EVALZIP_MULTITHREADED | EVALZIP_STATE_PER_CALL;
  parameters = copy_codec("parameters");
  parameters.parameters = kParameters;
  parameters.create = parameters_create;
  parameters.encode = parameters_encode;
  liar = copy_codec("liar");
  liar.encode = liar_encode;
  status = copy_codec("status");
  status.encode = status_encode;
  status.decode = status_decode;
  return all;
}
