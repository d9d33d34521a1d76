#include <cstdio>

#include "codecs/registry.h"

int main() {
  const evalzip::Registry codecs = evalzip::builtin_codecs();
  for (const evalzip::CodecInfo& codec : codecs.all()) {
    std::printf("%s: %s\n", codec.name.c_str(), codec.summary.c_str());
  }
}
