// Writes small model files into a folder, for the fuzzer to begin with. usage: model_seeds FOLDER
#include <filesystem>
#include <string>

#include "codecs/little_endian.h"
#include "tests/tiny_model.h"
#include "tests/tiny_vocabularies.h"

int main(int argc, char** argv) {
  using namespace evalzip;
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  write_bytes(folder / "sentencepiece.gguf", tiny_sentencepiece({"_t", "he", "_the", "a"}).gguf());
  write_bytes(folder / "gpt2.gguf", tiny_gpt2({"t h", "th e", "Ġ the"}, "llama-bpe").gguf());
  GgufWriter writer;
  writer.add("general.architecture", "llama");
  writer.add("general.alignment", std::uint32_t{32});
  const std::vector<std::byte> block(144 * 2);
  writer.add_tensor("w", TensorType::q4_k, std::vector<std::uint64_t>{2, 256}, block);
  write_bytes(folder / "tensor.gguf", written_bytes(writer));
  const std::string header = R"({"__metadata__":{"a":"b"},"w":{"dtype":"F16","shape":[2,2],)"
                             R"("data_offsets":[0,8]}})";
  std::vector<std::byte> bytes;
  append_little_endian(bytes, std::uint64_t{header.size()});
  for (const char letter : header) bytes.push_back(static_cast<std::byte>(letter));
  bytes.resize(bytes.size() + 8);
  write_bytes(folder / "model.safetensors", bytes);
  for (const char* architecture : {"llama", "qwen2", "qwen3", "gpt2"}) {
    const TinyModel model{.architecture = architecture,
                          .width = 8,
                          .layers = 1,
                          .heads = 2,
                          .key_heads = 1,
                          .head_size = 4,
                          .hidden = 8,
                          .context = 4,
                          .tied = true};
    write_bytes(folder / (std::string(architecture) + ".gguf"), TinyModelWriter(model).gguf());
  }
  return 0;
}
