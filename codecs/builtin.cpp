// THE list of the codecs compiled into the program, in the order that reports show them.
#include "codecs/registry.h"

namespace evalzip {

// Each is defined in the *_codec.cpp of its name.
CodecInfo store_codec();
CodecInfo huffman_codec();
CodecInfo rans_codec();
CodecInfo arithmetic_codec();
CodecInfo llm_codec();
CodecInfo kt_codec();
CodecInfo ctw_codec();
CodecInfo ppm_codec();
CodecInfo cm_codec();
CodecInfo tensor_codec();
CodecInfo auto_codec();

Registry builtin_codecs() {
  Registry codecs;
  codecs.add(store_codec());
  codecs.add(huffman_codec());
  codecs.add(rans_codec());
  codecs.add(arithmetic_codec());
  codecs.add(llm_codec());
  codecs.add(kt_codec());
  codecs.add(ctw_codec());
  codecs.add(ppm_codec());
  codecs.add(cm_codec());
  codecs.add(tensor_codec());
  codecs.add(auto_codec());
  return codecs;
}

}  // namespace evalzip
