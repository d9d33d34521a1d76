/* A parameter of an ABI that had no preset yet. */
#include "tests/plugins/copy_codec.h"

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec codec;
  static const evalzip_codec* const all[] = {&codec, NULL};
  (void)host_abi_version;
  static const evalzip_parameter row = {offsetof(evalzip_parameter, preset), "level", "", 0, 9, 5};
  static const evalzip_parameter* const rows[] = {&row, NULL};
  codec = copy_codec("smaller_parameter");
  codec.parameters = rows;
  return all;
}
