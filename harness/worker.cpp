#include "harness/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <numeric>
#include <optional>
#include <system_error>

#include "codecs/codec_spec.h"
#include "codecs/command_definition.h"
#include "codecs/content_hash.h"
#include "codecs/plugin.h"
#include "harness/block_codec.h"
#include "harness/call_timer.h"
#include "harness/crash_report.h"
#include "harness/descriptor_io.h"
#include "harness/hardware_counter.h"
#include "harness/peak_memory.h"
#include "harness/pin.h"
#include "harness/stopped.h"
#include "harness/worker_buffer.h"
#include "harness/worker_protocol.h"

namespace evalzip {
namespace {

// Thrown when this machine, not the codec, is to blame.
struct UnfitMachine {
  std::string reason;
};

std::string hash_of(Bytes bytes) {
  ContentHash hash;
  hash.add(bytes);
  return hash.hex();
}

std::uint64_t sum(const std::vector<std::uint64_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
}

std::uint64_t total_size(const std::vector<Slice>& slices) {
  std::uint64_t size = 0;
  for (const Slice& slice : slices) size += slice.size;
  return size;
}

// The slices of a file, end to end; read-only afterwards.
void load(WorkerBuffer& buffer, int descriptor, const std::vector<Slice>& slices) {
  std::size_t at = 0;
  for (const Slice& slice : slices) {
    read_exactly(descriptor, slice.offset, buffer.bytes().subspan(at, slice.size));
    at += slice.size;
  }
  buffer.make_read_only();
  announce_region(buffer.bytes(), "its input, which is read-only");
  announce_region(buffer.guard(), "memory behind its input");
}

// No byte of an earlier result may pass for a new one: every byte becomes one that is wrong.
void poison(MutableBytes output, Bytes right) {
  std::ranges::transform(right, output.begin(), [](std::byte b) { return ~b; });
}

// The codec of a request, made under the memory limit and watched.
class WatchedCodec {
 public:
  WatchedCodec(const Registry& registry, const WorkerRequest& request)
      : spec_(located(registry, request)),
        params_(spec_.located_params()),
        limit_(allowance(request)),
        codec_([this] { return spec_.codec->make(params_); }, request.block_bytes, request.threads),
        creation_peak_(creation_.bytes()),
        retained_(creation_.retained_bytes()) {}

  BlockCodec& codec() { return codec_; }

  // An output buffer: the codec is not charged for it.
  WorkerBuffer make_buffer(std::size_t size) {
    constexpr std::size_t kGuardAndRounding = 1 << 20;
    limit_.allow(size + kGuardAndRounding);
    return WorkerBuffer(size);
  }

  // Peak above the buffers: while it was made, or while it ran, given the peak of running.
  std::optional<std::uint64_t> peak_bytes(std::optional<std::uint64_t> running) const {
    if (!creation_peak_ || !retained_ || !running) return std::nullopt;
    return std::max(*creation_peak_, *retained_ + *running);
  }

 private:
  static CodecSpec located(const Registry& registry, const WorkerRequest& request) {
    CodecSpec spec = parse_codec_spec(registry, request.codec);
    spec.model.file = request.model_file;
    return spec;
  }

  // What the codec may take. Stops here if it says itself that it takes more than the user allows.
  std::uint64_t allowance(const WorkerRequest& request) const {
    if (!request.memory_limit_bytes) return available_memory().value_or(1ull << 62);
    if (spec_.codec->memory_bytes) {
      const std::uint64_t document = total_size(request.slices);
      const std::uint64_t block =
          request.block_bytes == 0 ? document : std::min(document, request.block_bytes);
      const std::uint64_t need = request.threads * spec_.codec->memory_bytes(params_, block);
      if (need > *request.memory_limit_bytes) {
        throw Stopped{Outcome::out_of_memory,
                      fmt::format("it needs about {} bytes for a block of {}, more than the limit "
                                  "of {}: raise --memory-limit or choose smaller settings",
                                  need, block, *request.memory_limit_bytes)};
      }
    }
    return *request.memory_limit_bytes;
  }

  CodecSpec spec_;
  Params params_;
  MemoryLimit limit_;
  PeakMemory creation_;
  BlockCodec codec_;
  std::optional<std::uint64_t> creation_peak_, retained_;
};

// Called when all is set up and nothing has been measured.
SamplingPlan sampling_plan(const WorkerRequest& request) {
  const double setup_seconds = monotonic_seconds() - request.asked_at_seconds;
  return {.wanted = request.samples,
          .min_time_seconds = request.min_time_seconds,
          .least_seconds = request.setup_multiple * setup_seconds,
          .most_seconds = request.sampling_seconds};
}

void check_canaries(const WorkerBuffer& output) {
  if (const std::size_t damaged = output.damaged_canaries(); damaged != 0) {
    throw Stopped{Outcome::crashed,
                  fmt::format("it wrote {} bytes behind its output buffer", damaged)};
  }
}

// What a direction makes sure of after its first call, and again after its last.
struct Checks {
  std::function<void()> after_first, after_last;
};

// Runs the calls of one direction.
void run_calls(CallTimer& timer, WatchedCodec& watched, const WorkerRequest& request,
               const Checks& checks, WorkerReply& reply) {
  const SamplingPlan sampling = sampling_plan(request);
  const PeakMemory running;
  timer.first_call();
  reply.peak_bytes = watched.peak_bytes(running.bytes());
  reply.first_call_seconds = timer.first_call_seconds();
  checks.after_first();
  reply.samples = timer.samples(sampling);
  if (timer.calls() > 1) checks.after_last();
  reply.codec_seconds = timer.codec_seconds();
}

// Hash and sizes of the blocks that `codec` left in `output`.
std::string encoded_hash(const BlockCodec& codec, Bytes output, std::size_t document_size) {
  ContentHash hash;
  for (std::size_t i = 0; i < codec.encoded_blocks().size(); ++i) {
    hash.add(codec.encoded_block(output, document_size, i));
  }
  return hash.hex();
}

// The encoded bytes go where the decoding process finds them.
void keep(const BlockCodec& codec, Bytes output, std::size_t document_size) {
  try {
    for (std::size_t i = 0; i < codec.encoded_blocks().size(); ++i) {
      write_all(kEncodedDescriptor, codec.encoded_block(output, document_size, i));
    }
  } catch (const std::system_error& error) {
    throw UnfitMachine{fmt::format(
        "cannot keep {} encoded bytes in the folder for temporary files ({}): make room there, or "
        "name another folder in TMPDIR",
        sum(codec.encoded_blocks()), error.code().message())};
  }
}

void encode(const WorkerRequest& request, const WorkerBuffer& document, WatchedCodec& watched,
            WorkerReply& reply) {
  BlockCodec& codec = watched.codec();
  const Bytes input = document.bytes();
  WorkerBuffer output = watched.make_buffer(codec.bound(input.size()));
  announce_region(output.guard(), "memory behind its output buffer");
  announce_stage("encoding");
  FirstCallCounter counter(request.count_instructions);
  CallTimer timer(
      [&] { return counter.around([&] { return codec.encode(input, output.bytes()); }); });
  const auto check = [&] {
    check_canaries(output);
    reply.encoded_blocks = codec.encoded_blocks();
    reply.encoded_hash = encoded_hash(codec, output.bytes(), input.size());
    keep(codec, output.bytes(), input.size());
    std::ranges::fill(output.bytes(), std::byte{0xE5});
  };
  const auto check_again = [&] {
    check_canaries(output);
    if (encoded_hash(codec, output.bytes(), input.size()) == reply.encoded_hash) return;
    throw Stopped{Outcome::mismatch,
                  fmt::format("not deterministic: the same input gave {} bytes at first and {} "
                              "bytes, not the same, later",
                              sum(reply.encoded_blocks), sum(codec.encoded_blocks()))};
  };
  run_calls(timer, watched, request, {check, check_again}, reply);
  reply.instructions = counter.instructions();
  reply.model_bytes = codec.model_bytes();
  if (request.want_ideal_bits) {
    announce_stage("computing its ideal code length");
    reply.ideal_bits = codec.ideal_bits(input);
    if (const std::optional<ModelWork> work = codec.model_work(input)) {
      reply.model_parameters = work->parameters;
      reply.multiply_adds = work->multiply_adds;
      reply.cross_entropy_bits = work->cross_entropy_bits;
    }
  }
}

void compare(Bytes decoded, Bytes document, std::optional<std::size_t> claimed_size) {
  if (claimed_size && *claimed_size != document.size()) {
    throw Stopped{Outcome::mismatch, fmt::format("decoded {} bytes where the document has {}",
                                                 *claimed_size, document.size())};
  }
  if (document.empty() || std::memcmp(decoded.data(), document.data(), document.size()) == 0)
    return;
  const auto at = std::ranges::mismatch(decoded, document).in1 - decoded.begin();
  throw Stopped{Outcome::mismatch, fmt::format("the decoded bytes differ from byte {} on", at)};
}

void decode(const WorkerRequest& request, const WorkerBuffer& document, WatchedCodec& watched,
            WorkerReply& reply) {
  BlockCodec& codec = watched.codec();
  WorkerBuffer encoded = watched.make_buffer(sum(request.encoded_blocks));
  load(encoded, kEncodedDescriptor, {{.offset = 0, .size = encoded.bytes().size()}});
  WorkerBuffer output = watched.make_buffer(document.bytes().size());
  announce_region(output.guard(), "memory behind its output buffer");
  poison(output.bytes(), document.bytes());
  announce_stage("decoding");
  std::optional<std::size_t> claimed;
  FirstCallCounter counter(request.count_instructions);
  CallTimer timer([&]() -> std::optional<Fault> {
    const Result<std::size_t> written = counter.around([&] {
      return codec.decode(std::as_const(encoded).bytes(), request.encoded_blocks, output.bytes());
    });
    if (!written) return written.error();
    claimed = written.value();
    return std::nullopt;
  });
  const auto check = [&] {
    check_canaries(output);
    compare(output.bytes(), document.bytes(), claimed);
    poison(output.bytes(), document.bytes());
  };
  run_calls(timer, watched, request, {check, check}, reply);
  reply.instructions = counter.instructions();
}

void run_phase(WorkerReply& reply) {
  const WorkerRequest request = parse_request(read_to_end(STDIN_FILENO));
  Registry registry = builtin_codecs();
  if (request.plugin.starts_with(kCommandPrefix)) {
    registry.add(command_codec(parse_command(request.plugin)));
  } else if (!request.plugin.empty()) {
    load_plugin(registry, request.plugin);
  }
  WorkerBuffer document(total_size(request.slices));
  load(document, kDocumentDescriptor, request.slices);
  if (request.phase != Phase::create &&
      hash_of(std::as_const(document).bytes()) != request.document_hash) {
    throw Stopped{Outcome::missing, "the document changed on disk during the run"};
  }
  if (request.pinned_cpu && !pin_to_cpu(*request.pinned_cpu)) {
    throw Stopped{Outcome::skipped, fmt::format("cannot pin to CPU {}", *request.pinned_cpu)};
  }
  announce_stage("creating the codec");
  WatchedCodec watched(registry, request);
  if (request.phase == Phase::create) return;
  (request.phase == Phase::encode ? encode : decode)(request, document, watched, reply);
}

}  // namespace

int run_worker() {
  const CrashReport crash_report;
  WorkerReply reply;
  const auto stop = [&](Outcome outcome, std::string detail) {
    reply = {.outcome = outcome, .detail = std::move(detail)};
  };
  try {
    run_phase(reply);
  } catch (const Stopped& stopped) {
    stop(stopped.outcome, stopped.detail);
  } catch (const UnfitMachine& machine) {
    reply.environment = machine.reason;
  } catch (const SpecError& error) {
    stop(Outcome::fault, error.what());
    reply.bad_request = error.what();
  } catch (const std::bad_alloc&) {
    stop(Outcome::out_of_memory, "an allocation failed");
  } catch (const std::exception& error) {
    stop(Outcome::threw, error.what());
  } catch (...) {
    stop(Outcome::threw, "an exception that is not a std::exception");
  }
  write_all(kReplyDescriptor, format_reply(reply) + "\n");
  return 0;
}

}  // namespace evalzip
