// What writers write, in memory and on disk.
#pragma once

#include <filesystem>
#include <fstream>
#include <vector>

#include "codecs/codec.h"
#include "codecs/llm/gguf_writer.h"

namespace evalzip {

inline std::vector<std::byte> written_bytes(const GgufWriter& writer) {
  std::vector<std::byte> bytes;
  writer.write([&](Bytes piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
  return bytes;
}

inline void write_bytes(const std::filesystem::path& path, Bytes bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

}  // namespace evalzip
