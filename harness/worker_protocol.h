// What a run asks of a worker process and what it answers, as JSON over pipes. The document and the
// encoded bytes travel as inherited file descriptors, not through the pipes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record.h"
#include "harness/sampler.h"

namespace evalzip {

// File descriptors of a worker, beside the standard ones.
inline constexpr int kDocumentDescriptor = 3;  // read
inline constexpr int kEncodedDescriptor = 4;   // written by the encoder, read by the decoder
inline constexpr int kReplyDescriptor = 5;     // the answer

// create: the codec is made and nothing else, to see whether it accepts its parameters.
enum class Phase { create, encode, decode };

// `size` bytes at `offset` of a file.
struct Slice {
  std::uint64_t offset = 0, size = 0;
};

// The request goes to the worker's standard input.
struct WorkerRequest {
  Phase phase = Phase::encode;
  std::string codec;              // canonical spec
  std::string plugin;             // the shared object that has the codec; empty: built in
  std::string model_file;         // of a codec that needs one
  std::vector<Slice> slices;      // of the document's file; their concatenation is compressed
  std::string document_hash;      // XXH3-128 of those bytes
  std::uint64_t block_bytes = 0;  // the input is cut into blocks of this size; 0: one block
  std::vector<std::uint64_t> encoded_blocks;  // decode: encoded size of each block, in order
  unsigned threads = 1;                       // blocks coded at once
  unsigned samples = 0;                       // at most
  double min_time_seconds = 0;                // of each sample
  double sampling_seconds = 0;                // no new sample starts after this
  // Sampling goes on, beyond `samples`, until it has taken this many times as long as setting up
  // did, so that what measuring costs stays a small share; 0: it does not.
  double setup_multiple = 0;
  double asked_at_seconds = 0;  // on the monotonic clock, which processes share
  std::optional<std::uint64_t> memory_limit_bytes;
  std::optional<unsigned> pinned_cpu;
  bool want_ideal_bits = false;     // encode only
  bool count_instructions = false;  // of the first call, by the processor's own counter
};

struct WorkerReply {
  Outcome outcome = Outcome::ok;
  std::string detail;
  std::vector<std::uint64_t> encoded_blocks;  // encode
  std::string encoded_hash;                   // encode: XXH3-128 of all encoded bytes
  std::optional<std::uint64_t> model_bytes, peak_bytes, instructions;
  std::optional<double> ideal_bits;
  std::optional<std::uint64_t> model_parameters, multiply_adds;  // with ideal_bits
  std::optional<double> cross_entropy_bits;
  std::vector<Sample> samples;
  double first_call_seconds = 0;
  double codec_seconds = 0;  // wall time spent inside the codec, samples or not
  // Neither is an outcome of the codec. Empty: there was no such obstacle.
  std::string bad_request;  // why the codec refused its parameters
  std::string environment;  // what the machine lacks: room for the encoded bytes
};

// Seconds of std::chrono::steady_clock.
double monotonic_seconds();

std::string format_request(const WorkerRequest& request);
WorkerRequest parse_request(std::string_view text);  // throws std::runtime_error

// One line. Before it a worker may write lines that begin with '#': what it is about to do.
std::string format_reply(const WorkerReply& reply);
WorkerReply parse_reply(std::string_view text);  // throws std::runtime_error

}  // namespace evalzip
