// A codec that tries our own coders on each block and keeps what serves a stated goal best. The
// format "auto" of docs/formats.md.
//
// The same input must give the same bytes on every machine, so times are not measured: they are
// nominal, of the order of what one core of a present server takes. Sizes are real.
#include <algorithm>
#include <array>
#include <string_view>

#include "codecs/codec.h"
#include "codecs/codec_spec.h"
#include "codecs/registry.h"

namespace evalzip {
namespace {

struct Candidate {
  std::string_view spec;                          // empty: the block itself
  double encode_nanoseconds, decode_nanoseconds;  // a byte
};

// The index of a candidate is written before each block: only ever append.
constexpr std::array<Candidate, 8> kCandidates{{{"", 0.05, 0.05},
                                                {"huffman", 0.4, 0.2},
                                                {"rans:order=0", 0.5, 0.35},
                                                {"rans:order=1", 1.4, 0.7},
                                                {"arithmetic:order=1", 5, 7},
                                                {"arithmetic:order=2", 9, 11},
                                                {"cm:2", 650, 600},
                                                {"cm:6", 3000, 2600}}};

enum class Goal { size, send, load };

struct AutoSettings {
  Goal goal = Goal::send;
  double nanoseconds_per_byte = 80;  // of the link or disk
  std::size_t block_bytes = 1 << 20;
};

class AutoCodec final : public Codec {
 public:
  explicit AutoCodec(const AutoSettings& settings)
      : settings_(settings), registry_(builtin_codecs()) {}

  std::size_t bound(std::size_t size) const override {
    return size + (size / settings_.block_bytes + 1) * kHeadBytes;
  }

  Result<std::size_t> encode(Bytes input, MutableBytes output) override {
    std::size_t used = 0;
    for (; !input.empty(); input = input.subspan(block_size(input.size()))) {
      const Result<std::size_t> size =
          encode_block(input.first(block_size(input.size())), output.subspan(used));
      if (!size) return size;
      used += size.value();
    }
    return used;
  }

  Result<std::size_t> decode(Bytes input, MutableBytes output) override {
    for (MutableBytes rest = output; !rest.empty(); rest = rest.subspan(block_size(rest.size()))) {
      if (!decode_block(input, rest.first(block_size(rest.size())))) return Fault::corrupt_input;
    }
    if (!input.empty()) return Fault::corrupt_input;
    return output.size();
  }

 private:
  static constexpr std::size_t kSizeBytes = 4, kHeadBytes = 1 + kSizeBytes;

  std::size_t block_size(std::size_t left) const { return std::min(left, settings_.block_bytes); }

  double cost(const Candidate& candidate, std::size_t original, std::size_t encoded) const {
    const auto size = static_cast<double>(encoded);
    if (settings_.goal == Goal::size) return size;
    const double time = (settings_.goal == Goal::send ? candidate.encode_nanoseconds : 0) +
                        candidate.decode_nanoseconds;
    return time * static_cast<double>(original) + settings_.nanoseconds_per_byte * size;
  }

  Result<std::size_t> encode_block(Bytes block, MutableBytes output) {
    if (output.size() < kHeadBytes + block.size()) return Fault::output_too_small;
    std::size_t best = 0;
    double least = cost(kCandidates[0], block.size(), block.size());
    best_.assign(block.begin(), block.end());
    for (std::size_t i = 1; i < kCandidates.size(); ++i) {
      // Not even if nothing were left of it.
      if (cost(kCandidates[i], block.size(), 0) >= least) continue;
      Codec& codec = codec_of(i);
      tried_.resize(codec.bound(block.size()));
      const Result<std::size_t> size = codec.encode(block, tried_);
      if (!size) return size;
      if (size.value() >= block.size() ||
          cost(kCandidates[i], block.size(), size.value()) >= least) {
        continue;
      }
      least = cost(kCandidates[i], block.size(), size.value());
      best = i;
      best_.assign(tried_.begin(), tried_.begin() + static_cast<std::ptrdiff_t>(size.value()));
    }
    output[0] = static_cast<std::byte>(best);
    for (std::size_t i = 0; i < kSizeBytes; ++i) {
      output[1 + i] = static_cast<std::byte>(best_.size() >> 8 * i & 0xFF);
    }
    std::ranges::copy(best_, output.begin() + kHeadBytes);
    return kHeadBytes + best_.size();
  }

  // Takes one block from the front of `input`.
  bool decode_block(Bytes& input, MutableBytes block) {
    if (input.size() < kHeadBytes) return false;
    const auto chosen = std::to_integer<std::size_t>(input[0]);
    std::size_t size = 0;
    for (std::size_t i = 0; i < kSizeBytes; ++i) {
      size |= std::to_integer<std::size_t>(input[1 + i]) << 8 * i;
    }
    input = input.subspan(kHeadBytes);
    if (chosen >= kCandidates.size() || size > input.size()) return false;
    const Bytes encoded = input.first(size);
    input = input.subspan(size);
    if (chosen > 0) return codec_of(chosen).decode(encoded, block).has_value();
    if (size != block.size()) return false;
    std::ranges::copy(encoded, block.begin());
    return true;
  }

  // Made when it is first needed, and kept.
  Codec& codec_of(std::size_t candidate) {
    if (codecs_[candidate] == nullptr) {
      const CodecSpec spec = parse_codec_spec(registry_, std::string(kCandidates[candidate].spec));
      codecs_[candidate] = spec.codec->make(spec.params);
    }
    return *codecs_[candidate];
  }

  AutoSettings settings_;
  Registry registry_;
  std::array<std::unique_ptr<Codec>, kCandidates.size()> codecs_;
  std::vector<std::byte> tried_, best_;
};

std::unique_ptr<Codec> make(const Params& params) {
  constexpr double kNanosecondsPerBitAtOneMbit = 1000, kBits = 8;
  const std::string& goal = params.text("goal");
  return std::make_unique<AutoCodec>(AutoSettings{
      .goal = goal == "size"   ? Goal::size
              : goal == "send" ? Goal::send
                               : Goal::load,
      .nanoseconds_per_byte =
          kBits * kNanosecondsPerBitAtOneMbit / static_cast<double>(params.integer("mbit")),
      .block_bytes = static_cast<std::size_t>(params.integer("block")) << 10});
}

}  // namespace

CodecInfo auto_codec() {
  return {
      .name = "auto",
      .version = "1",
      .summary = "of our own coders, for each block the one that serves the goal best",
      .parameters = {{.name = "goal",
                      .summary = "least bytes, least time to send (encode, transfer, decode), or "
                                 "least time to load (transfer, decode)",
                      .kind = Parameter::Kind::choice,
                      .choices = {"size", "send", "load"},
                      .preset = "send",
                      .always_named = true},
                     {.name = "mbit",
                      .summary = "bandwidth of the link or disk in Mbit/s",
                      .first = 1,
                      .last = 1'000'000,
                      .choices = {},
                      .preset = "100"},
                     {.name = "block",
                      .summary = "KiB in a block",
                      .first = 16,
                      .last = 1 << 20,
                      .choices = {},
                      .preset = "1024"}},
      .traits = {},
      .make = make,
  };
}

}  // namespace evalzip
