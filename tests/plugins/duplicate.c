/* Two codecs, the second with the name of the first. */
#include "tests/plugins/copy_codec.h"

const evalzip_codec* const* evalzip_plugin(uint32_t host_abi_version) {
  static evalzip_codec first, second;
  static const evalzip_codec* const all[] = {&first, &second, NULL};
  (void)host_abi_version;
  first = second = copy_codec("duplicate");
  return all;
}
