/* The C interface between evalzip and a codec in a shared object. C99, no other header needed.

   A plugin exports one function, evalzip_plugin. Rules:
   - structs begin with their own size as the plugin's compiler saw it; fields are only ever
   appended;
   - pointers the plugin hands out live until the process ends;
   - one `self` is used by one thread at a time; different ones may be used at once;
   - no function touches memory outside the buffers it is given, whatever they hold; an empty buffer
   has an address too, never null;
   - the same input and settings give the same bytes. */
#ifndef EVALZIP_PLUGIN_ABI_H
#define EVALZIP_PLUGIN_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVALZIP_ABI_VERSION 1u

/* What encode and decode answer. */
enum {
  EVALZIP_OK = 0,
  EVALZIP_CORRUPT = 1,     /* the input is not something encode wrote */
  EVALZIP_TOO_SMALL = 2,   /* the output does not fit */
  EVALZIP_UNSUPPORTED = 3, /* valid, but not for this codec (too long, say) */
  EVALZIP_INTERNAL = 4,    /* the library reported an error of its own */
  EVALZIP_NO_MEMORY = 5    /* an allocation failed */
};

/* Bits of evalzip_codec.traits. */
enum {
  EVALZIP_BIT_EXACT = 1,   /* any machine decodes what another encoded */
  EVALZIP_NEEDS_MODEL = 2, /* decoding needs a model file that is not in the encoded bytes */
  EVALZIP_NEEDS_GPU = 4,
  EVALZIP_MULTITHREADED = 8,  /* may use several threads inside one call, if asked to */
  EVALZIP_STATE_PER_CALL = 16 /* the library has no reset: each call pays for its context */
};

/* An integer parameter. One named "level" may be written without its name: `zstd:19`. */
typedef struct evalzip_parameter {
  size_t struct_size; /* sizeof(evalzip_parameter) */
  const char* name;
  const char* summary;
  int64_t first, last, preset; /* the closed range, and the value when the user says nothing */
} evalzip_parameter;

typedef struct evalzip_codec {
  size_t struct_size; /* sizeof(evalzip_codec) */
  const char* name;
  const char* version; /* of the library, at run time */
  const char* summary;
  uint32_t traits;
  const evalzip_parameter* const* parameters; /* null-terminated; null if there are none */

  /* `values` holds one value per parameter, in the order of the table, each within its range.
     Returns null and sets *why (static text) if they do not go together; null with *why left alone
     means out of memory. The state is made once and reused by every call, where the library can. */
  void* (*create)(const int64_t* values, const char** why);
  void (*destroy)(void* self);

  /* Largest encoding of any `size`-byte input: with that much room encode never says TOO_SMALL. */
  size_t (*bound)(const void* self, size_t size);

  int32_t (*encode)(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                    size_t room, size_t* written);

  /* `output_size` is the exact original size; OK means that all of it was written. */
  int32_t (*decode)(void* self, const uint8_t* input, size_t input_size, uint8_t* output,
                    size_t output_size);
} evalzip_codec;

/* The one exported symbol. Returns a null-terminated array, or null if the plugin cannot serve a
   host of this version. */
const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version);

#ifdef __cplusplus
}
#endif

#endif
