// Which codec to take: for sending, storing or loading these data, by the times and sizes of a run.
//
// All costs are of 10^9 bytes of such data. Times are those of one thread. What compression costs
// is compared with the same data left as they are, which is one of the options.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record.h"
#include "reports/figures.h"

namespace evalzip {

struct AdviceSettings {
  double link = 12.5e6;                       // bytes per second that are sent
  double disk = 1e9;                          // bytes per second that are loaded
  double reads = 1;                           // for each time the data are written
  std::optional<std::uint64_t> memory_bytes;  // what encoding and decoding may take
  double cpu_hour_price = 0.04, gigabyte_month_price = 0.02, months = 12;
};

enum class Purpose {
  sending,  // seconds: encode + reads x (encoded bytes / link + decode)
  storing,  // money: encoded bytes x price x months + CPU price x (encode + reads x decode)
  loading   // seconds of one read: encoded bytes / disk + decode
};
inline constexpr std::array kPurposes = {Purpose::sending, Purpose::storing, Purpose::loading};

// Of 10^9 original bytes.
struct AdviceOption {
  std::string name;    // printable; "no compression"
  double bytes = 1e9;  // encoded, with the share of the weights if the codec needs any
  double encode_seconds = 0, decode_seconds = 0;
  Interval95 encode{0, 0}, decode{0, 0};  // the same as the seconds if the run has no intervals
  bool fastest_encoder = false, fastest_decoder = false;  // of all that are no larger
};

struct Cost {
  double amount = 0;
  Interval95 interval{0, 0};
};

Cost cost_of(const AdviceOption& option, Purpose purpose, const AdviceSettings& settings);

// What the best option would cost more than the best of another situation.
struct Regret {
  std::string situation;  // "a link of 1.25 MB/s"
  std::size_t best;       // there
  double excess;          // 0.11: 11 % more
};

struct Advice {
  Purpose purpose;
  std::vector<std::size_t> order;   // of options, cheapest first
  std::vector<std::size_t> equals;  // others whose interval overlaps that of the cheapest
  // Of sending and loading: between which bandwidths it stays the cheapest.
  double least_bandwidth = 0, most_bandwidth = std::numeric_limits<double>::infinity();
  std::vector<Regret> regrets;
};

// Options and advice for one corpus of a run. Options that take too much memory are left out.
struct AdviceOnCorpus {
  std::string corpus;
  std::size_t documents = 0;
  std::uint64_t original_bytes = 0;
  bool estimate = false;              // from samples of the documents
  std::vector<AdviceOption> options;  // first: no compression
  std::vector<std::string> too_large;
  std::vector<Advice> advice;  // one for each purpose
};

// One for each corpus that any codec compressed as a whole, in the order of the run.
std::vector<AdviceOnCorpus> advise(const Run& run, const AdviceSettings& settings);

// For people; for programs.
std::string advice_text(const AdviceOnCorpus& advice, const AdviceSettings& settings);
std::string advice_json(const std::vector<AdviceOnCorpus>& advice, const AdviceSettings& settings);

std::string_view to_string(Purpose purpose);

}  // namespace evalzip
