#include "reports/figures.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cmath>
#include <future>
#include <map>
#include <set>
#include <span>
#include <thread>
#include <tuple>
#include <utility>

namespace evalzip {
namespace {

using Records = std::vector<const Record*>;

// Sum over records, absent as soon as one record lacks it.
template <class T>
std::optional<T> sum(const Records& records, std::optional<T> Record::*field) {
  T total{};
  for (const Record* record : records) {
    if (!(record->*field)) return std::nullopt;
    total += *(record->*field);
  }
  return total;
}

// Largest of records, absent as soon as one record lacks it.
std::optional<std::uint64_t> largest(const Records& records,
                                     std::optional<std::uint64_t> Record::*field) {
  std::uint64_t most = 0;
  for (const Record* record : records) {
    if (!(record->*field)) return std::nullopt;
    most = std::max(most, *(record->*field));
  }
  return most;
}

struct Samples {
  std::vector<double> Record::*seconds;
  std::vector<double> Record::*cpu_seconds;
  std::vector<unsigned> Record::*rounds;
};

constexpr Samples kEncode = {&Record::encode_seconds, &Record::encode_cpu_seconds,
                             &Record::encode_rounds};
constexpr Samples kDecode = {&Record::decode_seconds, &Record::decode_cpu_seconds,
                             &Record::decode_rounds};

// Sums up intervals of independent quantities: squares of the half-widths add.
class IntervalSum {
 public:
  void add(double middle, const std::optional<Interval95>& interval) {
    middle_ += middle;
    if (!interval) {
      known_ = false;
      return;
    }
    below_ += (middle - interval->low) * (middle - interval->low);
    above_ += (interval->high - middle) * (interval->high - middle);
  }
  std::optional<Interval95> total() const {
    if (!known_) return std::nullopt;
    return Interval95{middle_ - std::sqrt(below_), middle_ + std::sqrt(above_)};
  }

 private:
  double middle_ = 0, below_ = 0, above_ = 0;
  bool known_ = true;
};

std::optional<Timing> timing(const Records& records, const Samples& samples) {
  Timing timing;
  IntervalSum interval;
  double cpu_seconds = 0, spread = 0;
  bool all_cpu = true, all_spread = true;
  for (const Record* record : records) {
    const std::vector<double>& seconds = record->*samples.seconds;
    if (seconds.empty()) return std::nullopt;
    const double middle = median(seconds);
    timing.median_seconds += middle;
    timing.minimum_seconds += minimum(seconds);
    interval.add(middle, median_interval(seconds, record->*samples.rounds));
    const std::vector<double>& cpu = record->*samples.cpu_seconds;
    all_cpu = all_cpu && !cpu.empty();
    if (!cpu.empty()) cpu_seconds += median(cpu);
    const std::optional<double> own_spread = relative_spread(seconds);
    all_spread = all_spread && own_spread;
    spread = std::max(spread, own_spread.value_or(0));
  }
  timing.interval = interval.total();
  if (all_cpu) timing.cpu_seconds = cpu_seconds;
  if (all_spread) timing.spread = spread;
  return timing;
}

std::optional<double> mean_ratio(const Records& records) {
  std::vector<double> ratios;
  for (const Record* record : records) {
    const std::uint64_t encoded = record->encoded_bytes.value_or(0);
    if (record->original_bytes == 0 || encoded == 0) continue;
    ratios.push_back(static_cast<double>(record->original_bytes) / static_cast<double>(encoded));
  }
  if (ratios.empty()) return std::nullopt;
  return geometric_mean(ratios);
}

Row row_for(const Record& record) {
  Row row;
  row.corpus = record.corpus;
  row.codec = record.codec;
  row.version = record.version;
  row.block_bytes = record.block_bytes;
  row.threads = record.threads;
  row.estimate = record.sampled_from_bytes.has_value();
  return row;
}

void add(Row& row, const Record& record) {
  (record.outcome == Outcome::ok ? row.ok : row.failed).push_back(&record);
}

void finish(Row& row, const BestKnown& known) {
  if (!row.ok.empty()) row.figures = figures_of(row.ok, known);
}

void finish_all(std::vector<Row>& rows, const BestKnown& known) {
  constexpr std::size_t kManyRows = 16;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < rows.size(); i = next++) finish(rows[i], known);
  };
  std::vector<std::future<void>> helpers;
  if (rows.size() >= kManyRows) {
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) {
      helpers.push_back(std::async(std::launch::async, work));
    }
  }
  work();
  for (std::future<void>& helper : helpers) helper.get();
}

std::map<std::string, std::size_t> document_counts(const Run& run) {
  std::map<std::string, std::set<std::string>> documents;
  for (const Record& record : run.records) documents[record.corpus].insert(record.document);
  std::map<std::string, std::size_t> counts;
  for (const auto& [corpus, names] : documents) counts[corpus] = names.size();
  return counts;
}

}  // namespace

Figures figures_of(const Records& records) {
  assert(!records.empty());
  Figures figures;
  for (const Record* record : records) {
    assert(record->outcome == Outcome::ok);
    figures.original_bytes += record->original_bytes;
    figures.encoded_bytes += record->encoded_bytes.value_or(0);
  }
  figures.geometric_mean_ratio = mean_ratio(records);
  figures.model_bytes = largest(records, &Record::model_bytes);
  figures.model_parameters = largest(records, &Record::model_parameters);
  figures.multiply_adds = sum(records, &Record::multiply_adds);
  figures.cross_entropy_bits = sum(records, &Record::cross_entropy_bits);
  figures.ideal_bits = sum(records, &Record::ideal_bits);
  figures.true_entropy_bits = sum(records, &Record::true_entropy_bits);
  figures.order_0_bits = sum(records, &Record::order_0_bits);
  figures.order_2_bits = sum(records, &Record::order_2_bits);
  figures.ctw_bits = sum(records, &Record::ctw_bits);
  figures.encode = timing(records, kEncode);
  figures.decode = timing(records, kDecode);
  figures.encode_peak_bytes = largest(records, &Record::encode_peak_bytes);
  figures.decode_peak_bytes = largest(records, &Record::decode_peak_bytes);
  return figures;
}

Figures figures_of(const Records& records, const BestKnown& known) {
  Figures figures = figures_of(records);
  const auto add = [](auto& sum, const auto& value) {
    if (!value) sum.reset();
    if (sum) *sum += *value;
  };
  figures.best_known_bits = 0;
  figures.best_bytes_without_model = 0;
  for (const Record* record : records) {
    add(figures.best_known_bits, known.bits(*record));
    add(figures.best_bytes_without_model, known.bytes_without_model(*record));
  }
  return figures;
}

std::vector<Row> rows_of_totals(const Run& run) {
  using Key = std::tuple<std::string, std::string, std::string, std::optional<std::uint64_t>,
                         unsigned, bool>;
  const std::map<std::string, std::size_t> counts = document_counts(run);
  std::map<Key, std::size_t> places;
  std::vector<Row> rows;
  for (const Record& record : run.records) {
    const Key key{record.corpus,      record.codec,   record.version,
                  record.block_bytes, record.threads, record.sampled_from_bytes.has_value()};
    const auto [place, is_new] = places.emplace(key, rows.size());
    if (is_new) rows.push_back(row_for(record));
    add(rows[place->second], record);
  }
  for (Row& row : rows) row.documents = counts.at(row.corpus);
  finish_all(rows, BestKnown(run));
  return rows;
}

Row row_of_document(const Record& record, const BestKnown& known) {
  Row row = row_for(record);
  row.documents = 1;
  add(row, record);
  finish(row, known);
  return row;
}

}  // namespace evalzip
