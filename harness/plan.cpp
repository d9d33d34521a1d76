#include "harness/plan.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "bounds/ctw_bits.h"
#include "bounds/order_statistics.h"
#include "codecs/content_hash.h"
#include "harness/descriptor_io.h"
#include "harness/split_mix.h"

namespace evalzip {
namespace {

constexpr std::uint64_t kMostStrata = 16;
// Slices shorter than this would measure how codecs start, not how they work.
constexpr std::uint64_t kShortestSlice = 64 << 10;

// The bytes that will be compressed.
std::vector<std::byte> read_slices(const PlannedDocument& planned) {
  const int file = open(planned.document.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    throw CorpusError(CorpusError::Kind::usage,
                      fmt::format("cannot read {}: {}", planned.document.path.string(),
                                  std::generic_category().message(errno)));
  }
  std::vector<std::byte> bytes(planned.size);
  std::span<std::byte> rest(bytes);
  try {
    for (const Slice& slice : planned.slices) {
      read_exactly(file, slice.offset, rest.first(slice.size));
      rest = rest.subspan(slice.size);
    }
  } catch (const std::exception& error) {
    close(file);
    throw CorpusError(CorpusError::Kind::usage,
                      fmt::format("{}: {}", planned.document.path.string(), error.what()));
  }
  close(file);
  return bytes;
}

void add_entropies(PlannedDocument& planned, Bytes bytes) {
  const std::vector<OrderStatistics> statistics = order_statistics(bytes, {.highest_order = 2});
  const unsigned meaningless = first_meaningless_order(statistics);
  if (meaningless > 0) planned.order_0_bits = statistics[0].empirical_bits;
  if (meaningless > 2) planned.order_2_bits = statistics[2].empirical_bits;
  // A second a megabyte: for more, the codec `ctw` can be asked for.
  constexpr std::size_t kMostBytes = 1 << 20;
  if (!bytes.empty() && bytes.size() <= kMostBytes) planned.ctw_bits = ctw_bits(bytes, {});
}

// Chooses the slices and returns their bytes.
std::vector<std::byte> take_slices(PlannedDocument& planned, std::uint64_t wanted,
                                   std::uint64_t seed) {
  const Document& document = planned.document;
  return restrict_to(
      planned, stratified_slices({.offset = document.offset, .size = document.size}, wanted, seed));
}

}  // namespace

PlannedDocument plan_document(const Corpus& corpus, const Document& document,
                              const Settings& settings) {
  PlannedDocument planned{.corpus = corpus.name, .document = document, .slices = {}, .hash = {}};
  add_entropies(planned,
                take_slices(planned, settings.sample_bytes.value_or(document.size), settings.seed));
  return planned;
}

std::string cell_key(const CodecSpec& codec, const PlannedDocument& planned,
                     const Settings& settings) {
  ContentHash hash;
  hash.add(codec.model.sha256);
  hash.add(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", kRunSchema,
                       setting_for(codec, planned.document).canonical(), codec.codec->version,
                       planned.document.sha256, planned.document.size, planned.hash,
                       settings.block_bytes.value_or(0), settings.threads));
  return hash.hex();
}

std::string unused_key(std::string key, std::set<std::string>& used) {
  while (!used.insert(key).second) {
    ContentHash next;
    next.add(key);
    key = next.hex();
  }
  return key;
}

Record missing_record(const CodecSpec& codec, const Corpus& corpus,
                      const MissingDocument& missing) {
  Record record;
  record.codec = codec.canonical();
  record.version = codec.codec->version;
  record.corpus = corpus.name;
  record.document = missing.name;
  record.outcome = Outcome::missing;
  record.detail = missing.why;
  record.original_bytes = missing.size.value_or(0);
  ContentHash hash;
  hash.add(record.codec + "\n" + record.corpus + "\n" + record.document);
  record.key = hash.hex();
  return record;
}

CodecSpec setting_for(const CodecSpec& codec, const Document& document) {
  if (!document.numbers) return codec;
  return codec.for_numbers(document.numbers->format, document.numbers->columns);
}

std::vector<Slice> stratified_slices(const Slice& document, std::uint64_t wanted,
                                     std::uint64_t seed) {
  if (document.size <= wanted || wanted == 0) return {document};
  const std::uint64_t count = std::clamp<std::uint64_t>(wanted / kShortestSlice, 1, kMostStrata);
  SplitMix64 random(seed);
  std::vector<Slice> slices;
  for (std::uint64_t i = 0; i < count; ++i) {
    // Strata and slices are rounded so that their sums are exact.
    const std::uint64_t begin = document.size / count * i, next = document.size / count * (i + 1);
    const std::uint64_t size = wanted * (i + 1) / count - wanted * i / count;
    const std::uint64_t slack = next - begin > size ? next - begin - size : 0;
    slices.push_back({.offset = document.offset + begin + (slack > 0 ? random.below(slack + 1) : 0),
                      .size = size});
  }
  return slices;
}

std::vector<std::byte> restrict_to(PlannedDocument& planned, std::vector<Slice> slices) {
  planned.slices = std::move(slices);
  planned.size = 0;
  for (const Slice& slice : planned.slices) planned.size += slice.size;
  std::vector<std::byte> bytes = read_slices(planned);
  ContentHash hash;
  hash.add(bytes);
  planned.hash = hash.hex();
  return bytes;
}

std::uint64_t Plan::total_bytes() const {
  std::uint64_t sum = 0;
  for (const PlannedDocument& document : documents) sum += document.size;
  return sum;
}

Plan make_plan(std::vector<CodecSpec> codecs, const std::vector<Corpus>& corpora,
               const Settings& settings) {
  Plan plan{.codecs = std::move(codecs), .settings = settings};
  std::set<std::string> used;
  for (const Corpus& corpus : corpora) {
    for (const Document& document : corpus.documents) {
      plan.documents.push_back(plan_document(corpus, document, settings));
      for (std::size_t codec = 0; codec < plan.codecs.size(); ++codec) {
        if (const std::string& why = plan.codecs[codec].model.missing; !why.empty()) {
          const PlannedDocument& planned = plan.documents.back();
          Record record = missing_record(plan.codecs[codec], corpus,
                                         {.name = document.name, .why = why, .size = planned.size});
          record.sha256 = planned.document.sha256;  // it is not the document that is missing
          plan.missing.push_back(std::move(record));
          continue;
        }
        std::string key = cell_key(plan.codecs[codec], plan.documents.back(), settings);
        plan.cells.push_back({.key = unused_key(std::move(key), used),
                              .codec = codec,
                              .document = plan.documents.size() - 1});
      }
    }
    for (const MissingDocument& missing : corpus.missing) {
      for (const CodecSpec& codec : plan.codecs) {
        plan.missing.push_back(missing_record(codec, corpus, missing));
      }
    }
  }
  return plan;
}

Plan limited_plan(const Plan& plan, std::uint64_t bytes) {
  constexpr std::uint64_t kSeed = 1;
  Plan limited = plan;
  for (PlannedDocument& document : limited.documents) {
    if (document.size > bytes) take_slices(document, bytes, kSeed);
  }
  return limited;
}

Record blank_record(const Plan& plan, const Cell& cell) {
  const PlannedDocument& planned = plan.documents[cell.document];
  const CodecSpec& codec = plan.codecs[cell.codec];
  Record record;
  record.key = cell.key;
  record.codec = codec.canonical();
  record.version = codec.codec->version;
  record.corpus = planned.corpus;
  record.document = planned.document.name;
  record.sha256 = planned.document.sha256;
  record.original_bytes = planned.size;
  if (!codec.model.sha256.empty()) record.model_sha256 = codec.model.sha256;
  if (!codec.model.contamination.empty()) record.contamination = codec.model.contamination;
  record.block_bytes = plan.settings.block_bytes;
  record.threads = plan.settings.threads;
  record.order_0_bits = planned.order_0_bits;
  record.order_2_bits = planned.order_2_bits;
  record.ctw_bits = planned.ctw_bits;
  if (planned.size != planned.document.size) {
    record.sampled_from_bytes = planned.document.size;
  } else {
    record.true_entropy_bits = planned.document.true_entropy_bits;
  }
  return record;
}

}  // namespace evalzip
