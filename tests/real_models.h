// Real models from the folder of test data, converted to files that the program reads.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "codecs/llm/llama2c.h"
#include "tests/temporary_folder.h"

namespace evalzip {

// models/llama2c of EVALZIP_TEST_DATA; empty where there is none.
inline std::filesystem::path llama2c_folder() {
  const char* data = std::getenv("EVALZIP_TEST_DATA");
  if (data == nullptr) return {};
  const std::filesystem::path folder = std::filesystem::path(data) / "models/llama2c";
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

// A checkpoint as GGUF, as long as this object lives.
class Llama2cModel {
 public:
  // Names of files in llama2c_folder(); a checkpoint that ends in .xz is unpacked.
  Llama2cModel(const std::string& checkpoint, const std::string& tokenizer) {
    const std::filesystem::path source = llama2c_folder() / checkpoint;
    std::filesystem::path plain = source;
    if (source.extension() == ".xz") {
      plain = folder_.path() / source.stem();
      const std::string command = "xz -dc '" + source.string() + "' >'" + plain.string() + "'";
      if (std::system(command.c_str()) != 0)
        throw std::runtime_error("cannot unpack " + checkpoint);
    }
    const std::vector<char> weights = read(plain), words = read(llama2c_folder() / tokenizer);
    std::ofstream file(path(), std::ios::binary);
    import_llama2c({.checkpoint = std::as_bytes(std::span(weights)),
                    .tokenizer = std::as_bytes(std::span(words)),
                    .checkpoint_name = checkpoint,
                    .tokenizer_name = tokenizer,
                    .model_name = source.stem().string()},
                   [&](Bytes piece) {
                     file.write(reinterpret_cast<const char*>(piece.data()),
                                static_cast<std::streamsize>(piece.size()));
                   });
  }

  std::filesystem::path path() const { return folder_.path() / "model.gguf"; }

 private:
  static std::vector<char> read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryFolder folder_;
};

}  // namespace evalzip
