#include "harness/wide_plan.h"

#include <algorithm>

#include "harness/run.h"
#include "harness/statistics.h"

namespace evalzip {
namespace {

constexpr double kUsualBytesPerSecond = 1e6, kLanguageModelBytesPerSecond = 5e3;

// Until it is known better.
void observe_nominal(const CodecSpec& codec, CostModel& costs) {
  const bool slow = codec.codec->traits.needs_model;
  const double second = slow ? kLanguageModelBytesPerSecond : kUsualBytesPerSecond;
  costs.observe(codec.canonical(), static_cast<std::uint64_t>(second), 1, 1);
}

void observe_earlier(const std::vector<Run>& earlier, CostModel& costs) {
  for (const Run& run : earlier) {
    for (const Record& record : run.records) {
      if (record.encode_seconds.empty() || record.decode_seconds.empty()) continue;
      costs.observe(record.codec, record.original_bytes, median(record.encode_seconds),
                    median(record.decode_seconds));
    }
  }
}

double seconds_of_rounds(const CostModel& costs, const std::string& codec, std::uint64_t bytes,
                         const Settings& settings) {
  const double round = costs.round_seconds(codec, bytes).value_or(0);
  if (round > kLongCellSeconds && !settings.exact_samples) return round;
  return round * settings.rounds;
}

}  // namespace

std::size_t WidePlanBuilder::place_of(const Corpus& corpus, const Document& document,
                                      const Settings& settings) {
  const auto [it, is_new] = documents_.try_emplace(
      {corpus.name, document.name, document.path.string(), document.offset,
       settings.sample_bytes.value_or(0), settings.sample_bytes ? settings.seed : 0},
      plan_.documents.size());
  if (is_new) plan_.documents.push_back(plan_document(corpus, document, settings));
  return it->second;
}

std::size_t WidePlanBuilder::place_of(const CodecSpec& codec) {
  const auto [it, is_new] = codecs_.try_emplace(codec.canonical(), plan_.codecs.size());
  if (is_new) plan_.codecs.push_back(codec);
  return it->second;
}

std::size_t WidePlanBuilder::place_of(const Settings& settings) {
  const auto found = std::ranges::find(plan_.settings, settings);
  const auto place = static_cast<std::size_t>(found - plan_.settings.begin());
  if (found == plan_.settings.end()) plan_.settings.push_back(settings);
  return place;
}

void WidePlanBuilder::add_missing(const CodecSpec& codec, const Corpus& corpus,
                                  const MissingDocument& missing) {
  Record record = missing_record(codec, corpus, missing);
  if (missing_keys_.insert(record.key).second) plan_.missing.push_back(std::move(record));
}

void WidePlanBuilder::add_cell(const CodecSpec& codec, const Corpus& corpus,
                               const Document& document, std::size_t settings_place) {
  const Settings& settings = plan_.settings[settings_place];
  const std::size_t codec_place = place_of(codec);
  const std::size_t document_place = place_of(corpus, document, settings);
  const bool is_new =
      cells_
          .emplace(codec_place, document_place, settings.block_bytes.value_or(0), settings.threads)
          .second;
  if (!is_new) return;
  const PlannedDocument& planned = plan_.documents[document_place];
  plan_.cells.push_back({.cell = {.key = unused_key(cell_key(codec, planned, settings), keys_),
                                  .codec = codec_place,
                                  .document = document_place},
                         .settings = settings_place,
                         .resources = resources_for(codec, planned, settings),
                         .seconds = {}});
}

void WidePlanBuilder::add(const std::vector<CodecSpec>& codecs, const std::vector<Corpus>& corpora,
                          const Settings& settings, const Wanted& wanted) {
  const std::size_t settings_place = place_of(settings);
  for (const Corpus& corpus : corpora) {
    for (const Document& document : corpus.documents) {
      for (const CodecSpec& codec : codecs) {
        if (!wanted(codec, corpus.name, document.name)) continue;
        if (const std::string& why = codec.model.missing; !why.empty()) {
          add_missing(codec, corpus, {.name = document.name, .why = why, .size = document.size});
        } else {
          add_cell(codec, corpus, document, settings_place);
        }
      }
    }
    for (const MissingDocument& missing : corpus.missing) {
      for (const CodecSpec& codec : codecs) {
        if (wanted(codec, corpus.name, missing.name)) add_missing(codec, corpus, missing);
      }
    }
  }
}

void estimate_cells(WidePlan& plan, const std::vector<Run>& earlier) {
  std::vector<CostModel> costs;  // of each settings
  for (const Settings& settings : plan.settings) {
    costs.emplace_back(round_shape(settings, 0));
    for (const CodecSpec& codec : plan.codecs) observe_nominal(codec, costs.back());
    observe_earlier(earlier, costs.back());
  }
  for (PlannedCell& cell : plan.cells) {
    cell.seconds =
        seconds_of_rounds(costs[cell.settings], plan.codecs[cell.cell.codec].canonical(),
                          plan.documents[cell.cell.document].size, plan.settings[cell.settings]);
  }
}

}  // namespace evalzip
