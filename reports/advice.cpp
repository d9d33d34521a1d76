#include "reports/advice.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "reports/printable.h"

namespace evalzip {
namespace {

constexpr double kUnit = 1e9;  // original bytes that costs are of

// What a second of encoding, a second of decoding and a byte cost.
struct Rates {
  double encode, decode, byte;
};

Rates rates(Purpose purpose, const AdviceSettings& settings) {
  switch (purpose) {
    case Purpose::sending:
      return {1, settings.reads, settings.reads / settings.link};
    case Purpose::storing: {
      const double second = settings.cpu_hour_price / 3600;
      return {second, settings.reads * second,
              settings.gigabyte_month_price / 1e9 * settings.months};
    }
    case Purpose::loading:
      return {0, 1, 1 / settings.disk};
  }
  return {};
}

// The two parts of a cost in seconds: the first does not depend on the bandwidth, the second is
// divided by it.
struct Line {
  double fixed, bytes;
};

Line line_of(const AdviceOption& option, Purpose purpose, const AdviceSettings& settings) {
  const Rates rate = rates(purpose, settings);
  const double bandwidth = purpose == Purpose::loading ? settings.disk : settings.link;
  return {rate.encode * option.encode_seconds + rate.decode * option.decode_seconds,
          rate.byte * bandwidth * option.bytes};
}

AdviceOption option_of(const Row& row, double total_original) {
  const Figures& figures = *row.figures;
  const double scale = kUnit / static_cast<double>(figures.original_bytes);
  const auto scaled = [&](const Timing& timing) {
    const double middle = timing.median_seconds;
    const Interval95 interval = timing.interval.value_or(Interval95{middle, middle});
    return Interval95{interval.low * scale, interval.high * scale};
  };
  const auto weights = static_cast<double>(figures.model_bytes.value_or(0));
  return {.name = printable(row.codec),
          .bytes =
              static_cast<double>(figures.encoded_bytes) * scale + weights * kUnit / total_original,
          .encode_seconds = figures.encode->median_seconds * scale,
          .decode_seconds = figures.decode->median_seconds * scale,
          .encode = scaled(*figures.encode),
          .decode = scaled(*figures.decode)};
}

void mark_fastest(std::vector<AdviceOption>& options) {
  for (AdviceOption& option : options) {
    const auto beaten_by = [&](double AdviceOption::*seconds) {
      return std::ranges::any_of(options, [&](const AdviceOption& other) {
        return other.bytes <= option.bytes && other.*seconds <= option.*seconds &&
               (other.bytes < option.bytes || other.*seconds < option.*seconds);
      });
    };
    option.fastest_encoder = !beaten_by(&AdviceOption::encode_seconds);
    option.fastest_decoder = !beaten_by(&AdviceOption::decode_seconds);
  }
}

std::size_t cheapest(const std::vector<AdviceOption>& options, Purpose purpose,
                     const AdviceSettings& settings) {
  const auto found = std::ranges::min_element(options, {}, [&](const AdviceOption& option) {
    return cost_of(option, purpose, settings).amount;
  });
  return static_cast<std::size_t>(found - options.begin());
}

// Where best's line lies below all others: fixed + bytes / bandwidth.
void find_bandwidths(Advice& advice, const std::vector<AdviceOption>& options,
                     const AdviceSettings& settings) {
  if (advice.purpose == Purpose::storing) return;
  const Line best = line_of(options[advice.order.front()], advice.purpose, settings);
  for (const AdviceOption& option : options) {
    const Line other = line_of(option, advice.purpose, settings);
    if (other.bytes == best.bytes || other.fixed == best.fixed) continue;
    const double crossing = (best.bytes - other.bytes) / (other.fixed - best.fixed);
    if (crossing <= 0) continue;
    if (other.bytes < best.bytes) {
      advice.least_bandwidth = std::max(advice.least_bandwidth, crossing);
    } else {
      advice.most_bandwidth = std::min(advice.most_bandwidth, crossing);
    }
  }
}

void find_regrets(Advice& advice, const std::vector<AdviceOption>& options,
                  const AdviceSettings& settings) {
  const auto add = [&](std::string situation, const AdviceSettings& changed) {
    const std::size_t best = cheapest(options, advice.purpose, changed);
    const double chosen = cost_of(options[advice.order.front()], advice.purpose, changed).amount;
    const double least = cost_of(options[best], advice.purpose, changed).amount;
    const double excess = chosen > least ? chosen / least - 1 : 0;
    advice.regrets.push_back({std::move(situation), best, excess});
  };
  AdviceSettings changed = settings;
  for (const double factor : {0.1, 10.0}) {
    const std::string_view word = factor < 1 ? "a tenth of" : "ten times";
    changed = settings;
    if (advice.purpose == Purpose::sending) {
      changed.link *= factor;
      add(fmt::format("{} the bandwidth", word), changed);
    } else if (advice.purpose == Purpose::loading) {
      changed.disk *= factor;
      add(fmt::format("{} the disk's speed", word), changed);
    } else {
      changed.months *= factor;
      add(fmt::format("{} the months", word), changed);
    }
  }
  if (advice.purpose == Purpose::loading) return;
  changed = settings;
  changed.reads *= 100;
  add("a hundred times the reads", changed);
}

Advice advice_for(Purpose purpose, const std::vector<AdviceOption>& options,
                  const AdviceSettings& settings) {
  Advice advice{.purpose = purpose, .order = {}, .equals = {}, .regrets = {}};
  advice.order.resize(options.size());
  std::iota(advice.order.begin(), advice.order.end(), std::size_t{0});
  const auto cost = [&](std::size_t i) { return cost_of(options[i], purpose, settings); };
  std::ranges::stable_sort(advice.order, {}, [&](std::size_t i) { return cost(i).amount; });
  const double most = cost(advice.order.front()).interval.high;
  for (std::size_t i = 1; i < advice.order.size(); ++i) {
    if (cost(advice.order[i]).interval.low <= most) advice.equals.push_back(advice.order[i]);
  }
  find_bandwidths(advice, options, settings);
  find_regrets(advice, options, settings);
  return advice;
}

// Rows of one corpus that have all that is needed, of as many documents as any has.
std::vector<const Row*> comparable(const std::vector<Row>& rows, const std::string& corpus) {
  std::vector<const Row*> usable;
  std::size_t most = 0;
  for (const Row& row : rows) {
    const bool whole = row.corpus == corpus && row.figures && row.figures->original_bytes > 0 &&
                       row.figures->encode && row.figures->decode;
    if (!whole) continue;
    usable.push_back(&row);
    most = std::max(most, row.ok.size());
  }
  std::erase_if(usable, [&](const Row* row) { return row->ok.size() < most; });
  return usable;
}

bool too_large(const Figures& figures, const std::optional<std::uint64_t>& memory) {
  if (!memory) return false;
  return std::max(figures.encode_peak_bytes.value_or(0), figures.decode_peak_bytes.value_or(0)) >
         *memory;
}

double whole_bytes(const Row& row) {
  double bytes = 0;
  for (const Record* record : row.ok) {
    bytes += static_cast<double>(record->sampled_from_bytes.value_or(record->original_bytes));
  }
  return bytes;
}

AdviceOnCorpus advise_on(const std::string& corpus, const std::vector<const Row*>& rows,
                         const AdviceSettings& settings) {
  AdviceOnCorpus result{.corpus = printable(corpus), .options = {}, .too_large = {}, .advice = {}};
  result.documents = rows.front()->ok.size();
  result.estimate = rows.front()->estimate;
  const double total = whole_bytes(*rows.front());
  result.original_bytes = static_cast<std::uint64_t>(total);
  result.options.push_back({.name = "no compression"});
  for (const Row* row : rows) {
    if (row->codec == "store") continue;  // the same as none, but for a copy
    if (too_large(*row->figures, settings.memory_bytes)) {
      result.too_large.push_back(printable(row->codec));
    } else {
      result.options.push_back(option_of(*row, total));
    }
  }
  mark_fastest(result.options);
  for (const Purpose purpose : kPurposes) {
    result.advice.push_back(advice_for(purpose, result.options, settings));
  }
  return result;
}

}  // namespace

std::string_view to_string(Purpose purpose) {
  constexpr std::string_view kNames[] = {"sending", "storing", "loading"};
  return kNames[static_cast<int>(purpose)];
}

Cost cost_of(const AdviceOption& option, Purpose purpose, const AdviceSettings& settings) {
  const Rates rate = rates(purpose, settings);
  const double encode = rate.encode * option.encode_seconds;
  const double decode = rate.decode * option.decode_seconds;
  const double amount = encode + decode + rate.byte * option.bytes;
  // Both were measured apart: half-widths add in quadrature.
  const double below = std::hypot(encode - rate.encode * option.encode.low,
                                  decode - rate.decode * option.decode.low);
  const double above = std::hypot(rate.encode * option.encode.high - encode,
                                  rate.decode * option.decode.high - decode);
  return {amount, {amount - below, amount + above}};
}

std::vector<AdviceOnCorpus> advise(const Run& run, const AdviceSettings& settings) {
  const std::vector<Row> rows = rows_of_totals(run);
  std::vector<std::string> corpora;
  for (const Row& row : rows) {
    if (std::ranges::find(corpora, row.corpus) == corpora.end()) corpora.push_back(row.corpus);
  }
  std::vector<AdviceOnCorpus> result;
  for (const std::string& corpus : corpora) {
    const std::vector<const Row*> usable = comparable(rows, corpus);
    if (!usable.empty()) result.push_back(advise_on(corpus, usable, settings));
  }
  return result;
}

}  // namespace evalzip
