// Writes a model of random weights in the shape of SmolLM2-135M, for measuring speed: what it
// predicts means nothing, but for letters, so that text becomes shorter and is not stored. Its head
// is a matrix of its own, which changes the file and not the work. usage: random_model FILE.gguf
#include "tests/tiny_model.h"

int main(int argc, char** argv) {
  using namespace evalzip;
  if (argc != 2) return 2;
  const TinyModel model{.architecture = "llama",
                        .width = 576,
                        .layers = 30,
                        .heads = 9,
                        .key_heads = 3,
                        .head_size = 64,
                        .hidden = 1536,
                        .context = 2048,
                        .tied = false,
                        .words = 49152,
                        .common = 100};
  write_bytes(argv[1], TinyModelWriter(model).gguf());
  return 0;
}
