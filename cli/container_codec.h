// The codec of an .evz file: from the user's spec to the header, and from the header back.
#pragma once

#include <string>

#include "cli/program.h"
#include "codecs/codec_spec.h"
#include "container/evz_stream.h"

namespace evalzip {

struct ContainerCodec {
  CodecSpec spec;
  EvzHeader header;
  CodecMaker make;
};

// For writing. `codec` is one spec; a model that it names is found, and stands in the header by its
// name and hash. Throws SpecError, CorpusError, ModelError.
ContainerCodec codec_to_write(const Program& program, const std::string& codec,
                              std::uint32_t block_bytes);

// For reading. `model`, if any, is used in the place of the one that the header names; its hash
// must be the same. Throws SpecError that says what to install for what is missing here.
ContainerCodec codec_to_read(const Program& program, const EvzHeader& header,
                             const std::string& model);

// What the process will take at most, in bytes, give or take a few per cent; 0: the codec cannot
// tell.
std::uint64_t memory_needed(const ContainerCodec& codec, std::uint64_t block_bytes,
                            unsigned threads);

}  // namespace evalzip
