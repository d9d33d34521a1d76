// What a transformer is made of: the sizes and the choices that tell one family from another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "codecs/llm/model_file.h"

namespace evalzip {

// One block serves every family: norm, attention, add, norm, feed-forward, add. Biases are there
// where the file has them.
struct TransformerShape {
  enum class Norm { rms, layer };
  enum class FeedForward { swiglu, gelu };
  enum class Positions { rotary, rotary_pairs, learned };  // rotary_pairs: neighbours are a pair

  std::string architecture;
  std::size_t vocabulary = 0;
  std::size_t context = 0;  // positions that the model was trained for
  std::size_t width = 0;    // of the residual stream
  std::size_t layers = 0;
  std::size_t heads = 0, key_heads = 0;  // key_heads divides heads
  std::size_t head_size = 0;             // a multiple of 4
  std::size_t hidden = 0;                // width of the feed-forward layer
  float epsilon = 0;                     // of the norms
  Norm norm = Norm::rms;
  FeedForward feed_forward = FeedForward::swiglu;
  Positions positions = Positions::rotary;
  std::size_t rotated = 0;  // numbers of a head that are rotated
  double rope_base = 10000;
  double rope_position_scale = 1;

  std::size_t query_width() const { return heads * head_size; }
  std::size_t key_width() const { return key_heads * head_size; }

  // Of byte-level models, each token is the byte of its number.
  bool tokens_are_bytes() const { return architecture == "byte-llama"; }

  // Multiplications, each with an addition, of taking in one token at that position, and of
  // predicting the next if that is wanted.
  std::uint64_t multiply_adds(std::uint64_t position, bool predicts) const;
};

// Throws ModelError, which names what is missing, out of range, or not supported.
TransformerShape read_transformer_shape(const ModelFile& file);

}  // namespace evalzip
