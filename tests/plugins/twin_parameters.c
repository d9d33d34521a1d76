/* Two parameters of one name. */
#include "tests/plugins/copy_codec.h"

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec codec;
  static const evalzip_codec* const all[] = {&codec, NULL};
  (void)host_abi_version;
  static const evalzip_parameter row = {sizeof row, "level", "", 1, 9, 5};
  static const evalzip_parameter* const rows[] = {&row, &row, NULL};
  codec = copy_codec("twin_parameters");
  codec.parameters = rows;
  return all;
}
