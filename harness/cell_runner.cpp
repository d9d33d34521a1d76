#include "harness/cell_runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <numeric>
#include <system_error>

#include "codecs/command_definition.h"
#include "harness/interruption.h"

namespace evalzip {
namespace {

using Clock = std::chrono::steady_clock;

// The file of a document, open while its cell runs.
class OpenDocument {
 public:
  explicit OpenDocument(const std::filesystem::path& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenDocument() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenDocument(const OpenDocument&) = delete;
  OpenDocument& operator=(const OpenDocument&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

void take_samples(const WorkerReply& reply, unsigned round, std::vector<double>& seconds,
                  std::vector<double>& cpu_seconds, std::vector<unsigned>& rounds) {
  for (const Sample& sample : reply.samples) {
    seconds.push_back(sample.seconds);
    cpu_seconds.push_back(sample.cpu_seconds);
    rounds.push_back(round);
  }
}

void fail(Record& record, const WorkerReply& reply, const char* direction) {
  record.outcome = reply.outcome;
  record.detail = fmt::format("{}: {}", direction, reply.detail);
}

void fill(Record& record, const WorkerReply& encoded, const WorkerReply& decoded, unsigned round) {
  record.outcome = Outcome::ok;
  record.encoded_bytes = std::accumulate(encoded.encoded_blocks.begin(),
                                         encoded.encoded_blocks.end(), std::uint64_t{0});
  record.encoded_hash = encoded.encoded_hash;
  record.model_bytes = encoded.model_bytes;
  record.model_parameters = encoded.model_parameters;
  record.multiply_adds = encoded.multiply_adds;
  record.cross_entropy_bits = encoded.cross_entropy_bits;
  record.ideal_bits = encoded.ideal_bits;
  record.encode_peak_bytes = encoded.peak_bytes;
  record.decode_peak_bytes = decoded.peak_bytes;
  record.encode_instructions = encoded.instructions;
  record.decode_instructions = decoded.instructions;
  take_samples(encoded, round, record.encode_seconds, record.encode_cpu_seconds,
               record.encode_rounds);
  take_samples(decoded, round, record.decode_seconds, record.decode_cpu_seconds,
               record.decode_rounds);
}

}  // namespace

CellRunner::CellRunner(const Plan& plan, WorkerProcess process, std::function<bool()> interrupted)
    : plan_(plan), process_(std::move(process)), interrupted_(std::move(interrupted)) {}

std::optional<WorkerReply> CellRunner::ask(WorkerRequest& request, int document,
                                           const RoundSettings& settings) {
  request.asked_at_seconds = monotonic_seconds();
  return process_.run(request, {.document = document, .encoded = encoded_.descriptor()},
                      settings.timeout, interrupted_);
}

WorkerRequest CellRunner::request_for(const Cell& cell, const RoundSettings& settings) const {
  const PlannedDocument& planned = plan_.documents[cell.document];
  const CodecSpec& codec = plan_.codecs[cell.codec];
  return {.phase = Phase::encode,
          .codec = setting_for(codec, planned.document).canonical(),
          .plugin = codec.codec->plugin,
          .model_file = codec.model.file,
          .slices = planned.slices,
          .document_hash = planned.hash,
          .block_bytes = plan_.settings.block_bytes.value_or(0),
          .threads = plan_.settings.threads,
          .samples = settings.samples,
          .min_time_seconds = plan_.settings.min_time_seconds,
          .sampling_seconds = settings.sampling_seconds,
          .setup_multiple = settings.setup_multiple,
          .memory_limit_bytes = plan_.settings.memory_limit_bytes,
          .pinned_cpu = plan_.settings.pinned_cpu,
          .want_ideal_bits = settings.round == 0,
          .count_instructions = settings.count_instructions};
}

std::optional<RoundResult> CellRunner::run(const Cell& cell, const RoundSettings& settings) {
  const auto start = Clock::now();
  RoundResult result{.round = settings.round, .record = blank_record(plan_, cell)};
  const std::filesystem::path& path = plan_.documents[cell.document].document.path;
  const OpenDocument file(path);
  if (file.descriptor() < 0) {
    result.record.outcome = Outcome::missing;
    result.record.detail =
        fmt::format("cannot open {}: {}", path.string(), std::generic_category().message(errno));
  } else if (!measure(request_for(cell, settings), file.descriptor(), settings, result)) {
    return std::nullopt;
  }
  // A program that a codec waits for may be ended before its worker is.
  const bool of_program = plan_.codecs[cell.codec].codec->plugin.starts_with(kCommandPrefix);
  if (of_program && result.record.outcome != Outcome::ok && interrupted_soon(interrupted_)) {
    return std::nullopt;
  }
  result.wall_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

// False if the user interrupted.
bool CellRunner::measure(WorkerRequest request, int document, const RoundSettings& settings,
                         RoundResult& result) {
  Record& record = result.record;
  encoded_.clear();
  const auto encoded = ask(request, document, settings);
  if (!encoded) return false;
  result.codec_seconds += encoded->codec_seconds;
  if (encoded->outcome != Outcome::ok) {
    fail(record, *encoded, "encode");
    return true;
  }
  request.phase = Phase::decode;
  request.encoded_blocks = encoded->encoded_blocks;
  const auto decoded = ask(request, document, settings);
  if (!decoded) return false;
  result.codec_seconds += decoded->codec_seconds;
  if (decoded->outcome != Outcome::ok) {
    fail(record, *decoded, "decode");
    return true;
  }
  fill(record, *encoded, *decoded, settings.round);
  first_calls_ = {.encode_seconds = encoded->first_call_seconds,
                  .decode_seconds = decoded->first_call_seconds};
  return true;
}

}  // namespace evalzip
