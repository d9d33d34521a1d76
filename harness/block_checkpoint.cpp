#include "harness/block_checkpoint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "codecs/content_hash.h"
#include "harness/descriptor_io.h"
#include "harness/merge.h"

namespace evalzip {
namespace {

constexpr std::size_t kPiece = 1 << 20;

// The encoded bytes of all parts so far.
class EncodedFile {
 public:
  explicit EncodedFile(std::filesystem::path path)
      : path_(std::move(path)),
        descriptor_(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail();
  }
  ~EncodedFile() { close(descriptor_); }
  EncodedFile(const EncodedFile&) = delete;
  EncodedFile& operator=(const EncodedFile&) = delete;

  std::uint64_t size() const {
    const off_t end = lseek(descriptor_, 0, SEEK_END);
    if (end < 0) fail();
    return static_cast<std::uint64_t>(end);
  }

  void cut(std::uint64_t size) {
    if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) fail();
  }

  // Appends `size` bytes of another file; on disk when this returns.
  void append_from(int other, std::uint64_t size) {
    lseek(descriptor_, 0, SEEK_END);
    for_each_piece(other, size, [this](Bytes piece) { write_all(descriptor_, piece); });
    if (fsync(descriptor_) != 0) fail();
  }

  std::string hash() const {
    ContentHash hash;
    for_each_piece(descriptor_, size(), [&](Bytes piece) { hash.add(piece); });
    return hash.hex();
  }

 private:
  template <class Use>
  static void for_each_piece(int descriptor, std::uint64_t size, Use use) {
    std::vector<std::byte> piece;
    for (std::uint64_t done = 0; done < size; done += piece.size()) {
      piece.resize(std::min<std::uint64_t>(kPiece, size - done));
      read_exactly(descriptor, done, piece);
      use(piece);
    }
  }

  [[noreturn]] void fail() const {
    throw std::system_error(errno, std::generic_category(), "cannot write " + path_.string());
  }

  std::filesystem::path path_;
  int descriptor_;
};

// `size` bytes from `offset` on of what the slices hold, end to end.
std::vector<Slice> part_of(const std::vector<Slice>& slices, std::uint64_t offset,
                           std::uint64_t size) {
  std::vector<Slice> part;
  for (const Slice& slice : slices) {
    if (size == 0) break;
    if (offset < slice.size) {
      const std::uint64_t taken = std::min(size, slice.size - offset);
      part.push_back({.offset = slice.offset + offset, .size = taken});
      size -= taken;
      offset = 0;
    } else {
      offset -= slice.size;
    }
  }
  return part;
}

class Parts {
 public:
  Parts(const Plan& plan, const RunControl& control, EncodedFile& encoded, const PartsRule& rule)
      : plan_(plan), control_(control), encoded_(encoded), rule_(rule) {}

  // Takes what the journal has and what the encoded file still holds of it.
  void take_earlier() {
    std::uint64_t held = encoded_.size(), kept = 0;
    for (const RoundResult& part : control_.journal.earlier()) {
      const std::uint64_t size = part.record.encoded_bytes.value_or(0);
      if (part.round != records_.size() || size > held) break;
      held -= size;
      kept += size;
      add(part);
    }
    encoded_.cut(kept);
  }

  PartsEnd run() {
    std::uint64_t blocks = plan_.settings.threads;
    while (done_ < document().size && !failed()) {
      const std::uint64_t before = done_;
      const auto result = run_part(blocks);
      if (!result) return {};
      const auto share = static_cast<double>(done_ - before) / static_cast<double>(document().size);
      if (before == 0 && result->wall_seconds / share < rule_.limit_seconds) {
        return {.run = {}, .short_after_all = true};
      }
      blocks = next_part(blocks, result->wall_seconds);
    }
    Run run{.order = {plan_.cells[0].key}, .complete = true};
    run.settings = plan_.settings;
    run.codec_seconds = codec_seconds_;
    run.wall_seconds = wall_seconds_;
    run.environment.warnings.push_back(
        "long cells in blocks were measured in parts: one sample, the sum of the parts");
    run.records.push_back(whole_record());
    return {.run = std::move(run), .short_after_all = false};
  }

 private:
  const PlannedDocument& document() const { return plan_.documents[0]; }
  std::uint64_t block() const { return *plan_.settings.block_bytes; }
  bool failed() const { return !records_.empty() && records_.back().outcome != Outcome::ok; }

  // Blocks of a part that takes about as long as it should, if `blocks` took `seconds`.
  std::uint64_t next_part(std::uint64_t blocks, double seconds) const {
    const auto now = static_cast<double>(blocks),
               least = static_cast<double>(plan_.settings.threads);
    const double wanted = now * rule_.part_seconds / std::max(seconds, 1e-3);
    return static_cast<std::uint64_t>(std::clamp(wanted, least, 4 * now));
  }

  void add(const RoundResult& part) {
    records_.push_back(part.record);
    done_ += part.record.original_bytes;
    codec_seconds_ += part.codec_seconds;
    wall_seconds_ += part.wall_seconds;
  }

  std::optional<RoundResult> run_part(std::uint64_t blocks) {
    const std::uint64_t size = std::min(blocks * block(), document().size - done_);
    Plan plan = plan_;
    restrict_to(plan.documents[0], part_of(document().slices, done_, size));
    const auto number = static_cast<unsigned>(records_.size());
    CellRunner runner(plan, control_.process, control_.interrupted);
    control_.observer.starting(blank_record(plan_, plan_.cells[0]), number, progress());
    // Round 0 is the one that asks for the ideal code length.
    auto result =
        runner.run(plan.cells[0], {.round = 0,
                                   .samples = 1,
                                   .timeout = plan_.settings.timeout_seconds
                                                  ? std::optional(std::chrono::duration<double>(
                                                        *plan_.settings.timeout_seconds))
                                                  : std::nullopt});
    if (!result) return std::nullopt;
    result->round = number;
    if (result->record.outcome == Outcome::ok) {
      encoded_.append_from(runner.encoded_descriptor(), *result->record.encoded_bytes);
    }
    if (!rule_.same_cpu) forget_times(result->record);
    if (!is_of_machine(result->record, plan_.settings)) control_.journal.append(*result);
    add(*result);
    control_.observer.finished(*result, progress());
    return result;
  }

  RunObserver::Progress progress() const {
    return {.done = done_ / block(), .total = (document().size + block() - 1) / block()};
  }

  Record whole_record() const {
    Record whole = blank_record(plan_, plan_.cells[0]);
    for (const Record& part : records_) {
      if (part.outcome != Outcome::ok) {
        whole.outcome = part.outcome;
        whole.detail = fmt::format("{} (in the part that ends at byte {})", part.detail, done_);
        return whole;
      }
    }
    add_sizes(whole);
    add_times(whole);
    whole.outcome = Outcome::ok;
    whole.encoded_hash = encoded_.hash();
    return whole;
  }

  // A sum of which a part is not known is not known.
  template <class T>
  static void add_up(std::optional<T>& sum, const std::optional<T>& part) {
    if (!part) sum.reset();
    if (sum) *sum += *part;
  }

  void add_sizes(Record& whole) const {
    whole.encoded_bytes = 0;
    whole.multiply_adds = 0;
    whole.ideal_bits = whole.cross_entropy_bits = 0;
    whole.model_bytes = records_.front().model_bytes;
    whole.model_parameters = records_.front().model_parameters;
    for (const Record& part : records_) {
      add_up(whole.encoded_bytes, part.encoded_bytes);
      add_up(whole.multiply_adds, part.multiply_adds);
      add_up(whole.ideal_bits, part.ideal_bits);
      add_up(whole.cross_entropy_bits, part.cross_entropy_bits);
      keep_larger(whole.encode_peak_bytes, part.encode_peak_bytes);
      keep_larger(whole.decode_peak_bytes, part.decode_peak_bytes);
    }
  }

  void add_times(Record& whole) const {
    struct Direction {
      std::vector<double> Record::*seconds;
      std::vector<double> Record::*cpu_seconds;
      std::vector<unsigned> Record::*rounds;
    };
    for (const Direction& direction :
         {Direction{&Record::encode_seconds, &Record::encode_cpu_seconds, &Record::encode_rounds},
          Direction{&Record::decode_seconds, &Record::decode_cpu_seconds,
                    &Record::decode_rounds}}) {
      double seconds = 0, cpu_seconds = 0;
      for (const Record& part : records_) {
        if ((part.*direction.seconds).empty()) return forget_times(whole);
        seconds += (part.*direction.seconds)[0];
        cpu_seconds += (part.*direction.cpu_seconds)[0];
      }
      (whole.*direction.seconds) = {seconds};
      (whole.*direction.cpu_seconds) = {cpu_seconds};
      (whole.*direction.rounds) = {0};
    }
  }

  const Plan& plan_;
  const RunControl& control_;
  EncodedFile& encoded_;
  const PartsRule& rule_;
  std::vector<Record> records_;  // of the parts, in their order
  std::uint64_t done_ = 0;       // bytes of the document in them
  double codec_seconds_ = 0, wall_seconds_ = 0;
};

}  // namespace

bool is_of_machine(const Record& record, const Settings& settings) {
  return record.outcome == Outcome::missing || record.outcome == Outcome::skipped ||
         (record.outcome == Outcome::out_of_memory && !settings.memory_limit_bytes);
}

bool has_parts(const Plan& plan) {
  return plan.settings.block_bytes && plan.documents[0].size > *plan.settings.block_bytes;
}

PartsEnd run_in_parts(const Plan& plan, const RunControl& control,
                      const std::filesystem::path& encoded, const PartsRule& rule) {
  EncodedFile file(encoded);
  Parts parts(plan, control, file, rule);
  parts.take_earlier();
  return parts.run();
}

}  // namespace evalzip
