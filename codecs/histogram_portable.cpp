// Counting bytes on a machine for which there is no faster way than the portable.
#include "codecs/histogram.h"

namespace evalzip {

ByteHistogram count_bytes(Bytes bytes) {
  ByteCounter counter;
  counter.add(bytes);
  return counter.total();
}

}  // namespace evalzip
