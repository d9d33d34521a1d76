#include "reports/columns.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace evalzip {
namespace {

using Value = std::optional<double>;

constexpr double kBytesPerMegabyte = 1e6;

// Absent where the quotient has no value: an empty document has no ratio.
Value quotient(double numerator, double denominator) {
  if (!(denominator > 0) || !std::isfinite(numerator / denominator)) return std::nullopt;
  return numerator / denominator;
}

double original(const Figures& figures) { return static_cast<double>(figures.original_bytes); }
double encoded(const Figures& figures) { return static_cast<double>(figures.encoded_bytes); }

Value as_double(const std::optional<std::uint64_t>& bytes) {
  if (!bytes) return std::nullopt;
  return static_cast<double>(*bytes);
}

Value megabytes(const std::optional<std::uint64_t>& bytes) {
  if (!bytes) return std::nullopt;
  return static_cast<double>(*bytes) / kBytesPerMegabyte;
}

// Weights included; the same as `encoded` for codecs that need none.
double payload_and_model(const Figures& figures) {
  return encoded(figures) + as_double(figures.model_bytes).value_or(0);
}

// How much such data makes the weights worth their bytes, against the best code without any.
Value break_even(const Figures& figures) {
  const Value other = as_double(figures.best_bytes_without_model);
  const Value weights = as_double(figures.model_bytes);
  if (!other || !weights) return std::nullopt;
  return quotient(*weights * original(figures), *other - encoded(figures));
}

// `amount` above `bound`, in percent of it.
Value percent_above(double amount, const Value& bound) {
  if (!bound) return std::nullopt;
  return quotient(100 * (amount - *bound), *bound);
}

Value per_byte(const Value& bits, const Figures& figures) {
  if (!bits) return std::nullopt;
  return quotient(*bits, original(figures));
}

Value speed(const Figures& figures, double seconds) {
  return quotient(original(figures) / kBytesPerMegabyte, seconds);
}

template <auto Side>  // &Figures::encode or &Figures::decode
struct Speed {
  static Value middle(const Figures& figures) {
    if (!(figures.*Side)) return std::nullopt;
    return speed(figures, (figures.*Side)->median_seconds);
  }
  static std::optional<Interval95> interval(const Figures& figures) {
    if (!(figures.*Side) || !(figures.*Side)->interval) return std::nullopt;
    const Interval95& seconds = *(figures.*Side)->interval;
    const Value slow = speed(figures, seconds.high), fast = speed(figures, seconds.low);
    if (!slow || !fast) return std::nullopt;
    return Interval95{*slow, *fast};
  }
  static Value fastest(const Figures& figures) {
    if (!(figures.*Side)) return std::nullopt;
    return speed(figures, (figures.*Side)->minimum_seconds);
  }
  static Value of_cpu(const Figures& figures) {
    if (!(figures.*Side) || !(figures.*Side)->cpu_seconds) return std::nullopt;
    return speed(figures, *(figures.*Side)->cpu_seconds);
  }
  static Value spread(const Figures& figures) {
    if (!(figures.*Side) || !(figures.*Side)->spread) return std::nullopt;
    return 100 * *(figures.*Side)->spread;
  }
};

using Encode = Speed<&Figures::encode>;
using Decode = Speed<&Figures::decode>;
using enum Better;
using enum Notation;

constexpr Column kColumns[] = {
    {"original_bytes", "original", "bytes", "size before compression", neither, grouped,
     [](const Figures& f) { return Value(original(f)); }},
    {"encoded_bytes", "size", "bytes", "size after compression, without model weights", lower,
     grouped, [](const Figures& f) { return Value(encoded(f)); }},
    {"ratio", "ratio", "", "original / encoded bytes, of the total", higher, three_places,
     [](const Figures& f) { return quotient(original(f), encoded(f)); }},
    {"mean_ratio", "mean", "ratio", "geometric mean of the files' ratios", higher, three_places,
     [](const Figures& f) { return f.geometric_mean_ratio; }},
    {"percent", "size", "%", "encoded bytes in percent of the original", lower, two_places,
     [](const Figures& f) { return quotient(100 * encoded(f), original(f)); }},
    {"bits_per_byte", "bits/", "byte", "8 x encoded / original bytes", lower, three_places,
     [](const Figures& f) { return quotient(8 * encoded(f), original(f)); }},
    {"encode", "encode", "MB/s", "original bytes / median seconds", higher, significant,
     Encode::middle, Encode::interval},
    {"decode", "decode", "MB/s", "original bytes / median seconds", higher, significant,
     Decode::middle, Decode::interval},
    {"encode_fastest", "fastest", "enc MB/s", "original bytes / least seconds", higher, significant,
     Encode::fastest},
    {"decode_fastest", "fastest", "dec MB/s", "original bytes / least seconds", higher, significant,
     Decode::fastest},
    {"encode_cpu", "encode", "MB/cpu s", "original bytes / median CPU seconds", higher, significant,
     Encode::of_cpu},
    {"decode_cpu", "decode", "MB/cpu s", "original bytes / median CPU seconds", higher, significant,
     Decode::of_cpu},
    {"encode_spread", "encode", "spread %", "1.4826 x median absolute deviation / median", lower,
     two_places, Encode::spread},
    {"decode_spread", "decode", "spread %", "1.4826 x median absolute deviation / median", lower,
     two_places, Decode::spread},
    {"encode_peak", "encode", "peak MB", "peak memory above the buffers, hungriest file", lower,
     one_place, [](const Figures& f) { return megabytes(f.encode_peak_bytes); }},
    {"decode_peak", "decode", "peak MB", "peak memory above the buffers, hungriest file", lower,
     one_place, [](const Figures& f) { return megabytes(f.decode_peak_bytes); }},
    {"ideal", "ideal", "bits/byte", "code length under the codec's own model / original bytes",
     lower, three_places, [](const Figures& f) { return per_byte(f.ideal_bits, f); }},
    {"cross_entropy", "model's", "bits/byte",
     "code length under a model's probabilities, before they are integer counts", lower,
     three_places, [](const Figures& f) { return per_byte(f.cross_entropy_bits, f); }},
    {"count_loss", "counts'", "loss %", "ideal code length above that of the model's probabilities",
     lower, three_places,
     [](const Figures& f) {
       return percent_above(f.ideal_bits.value_or(0),
                            f.ideal_bits ? f.cross_entropy_bits : Value());
     }},
    {"coder_loss", "coder", "loss %", "8 x encoded bytes above the ideal code length", lower,
     three_places, [](const Figures& f) { return percent_above(8 * encoded(f), f.ideal_bits); }},
    {"entropy", "entropy", "bits/byte", "true entropy of the synthetic source / original bytes",
     neither, three_places, [](const Figures& f) { return per_byte(f.true_entropy_bits, f); }},
    {"above_entropy", "above", "entropy %", "8 x encoded bytes above the true entropy", lower,
     three_places,
     [](const Figures& f) { return percent_above(8 * encoded(f), f.true_entropy_bits); }},
    {"order_0", "order-0", "bits/byte", "empirical entropy of single bytes", neither, three_places,
     [](const Figures& f) { return per_byte(f.order_0_bits, f); }},
    {"above_order_0", "above", "order 0 %",
     "8 x encoded bytes above the empirical entropy of single bytes", lower, two_places,
     [](const Figures& f) { return percent_above(8 * encoded(f), f.order_0_bits); }},
    {"order_2", "order-2", "bits/byte",
     "empirical entropy of a byte after the two before it, where it means something", neither,
     three_places, [](const Figures& f) { return per_byte(f.order_2_bits, f); }},
    {"ctw", "CTW", "bits/byte", "code length of context-tree weighting", neither, three_places,
     [](const Figures& f) { return per_byte(f.ctw_bits, f); }},
    {"best_known", "best", "known b/B",
     "shortest code of the same files known to this run, weights aside, in bits/byte", neither,
     three_places, [](const Figures& f) { return per_byte(f.best_known_bits, f); }},
    {"above_best", "above", "best %", "8 x encoded bytes above that shortest code", lower,
     one_place, [](const Figures& f) { return percent_above(8 * encoded(f), f.best_known_bits); }},
    {"model_bytes", "model", "bytes", "weights that the decoder needs beside the encoded bytes",
     lower, grouped, [](const Figures& f) { return as_double(f.model_bytes); }},
    {"total_bytes", "size+model", "bytes", "encoded bytes + model weights, counted once", lower,
     grouped, [](const Figures& f) { return Value(payload_and_model(f)); }},
    {"break_even", "weights", "pay from",
     "bytes of such data from which on the weights pay, against the best code without any", lower,
     grouped, break_even},
    {"model_parameters", "model", "parameters", "numbers in the model's file", lower, grouped,
     [](const Figures& f) { return as_double(f.model_parameters); }},
    {"multiply_adds", "multiply-", "adds/byte", "of the model, each way / original bytes", lower,
     grouped,
     [](const Figures& f) {
       return f.multiply_adds ? per_byte(as_double(f.multiply_adds), f) : std::nullopt;
     }},
    {"total_ratio", "ratio", "+model", "original / (encoded + model bytes)", higher, three_places,
     [](const Figures& f) { return quotient(original(f), payload_and_model(f)); }},
};

// Whole digits from 100 on, else as many places as three digits need; 0 is "0".
std::string three_digits(double value) {
  if (value == 0) return "0";
  // 99.95 rounds to 100 and 0.9995 to 1: the magnitude is that of the rounded value.
  const std::string rounded = fmt::format("{:.2e}", value);
  const int magnitude = std::stoi(rounded.substr(rounded.find('e') + 1));
  constexpr int kMostPlaces = 9;
  return fmt::format("{:.{}f}", value, std::clamp(2 - magnitude, 0, kMostPlaces));
}

}  // namespace

std::span<const Column> all_columns() { return kColumns; }

bool is_of_machine(const Column& column) {
  // The names of what is measured say which side of the codec it was measured on.
  return (column.name.starts_with("encode") || column.name.starts_with("decode")) &&
         column.name != "encoded_bytes";
}

const Column& find_column(std::string_view name) {
  const auto found = std::ranges::find(kColumns, name, &Column::name);
  if (found != std::end(kColumns)) return *found;
  std::vector<std::string_view> names;
  for (const Column& column : kColumns) names.push_back(column.name);
  throw ReportError(
      fmt::format("there is no column '{}' (known: {})", name, fmt::join(names, ", ")));
}

std::string format_grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string full_title(const Column& column) {
  if (column.unit.empty()) return std::string(column.title);
  return fmt::format("{}{}{}", column.title, column.title.ends_with('/') ? "" : " ", column.unit);
}

std::string format_value(const Column& column, double value) {
  switch (column.notation) {
    case Notation::grouped:
      return format_grouped(static_cast<std::uint64_t>(value));
    case Notation::one_place:
      return fmt::format("{:.1f}", value);
    case Notation::two_places:
      return fmt::format("{:.2f}", value);
    case Notation::three_places:
      return fmt::format("{:.3f}", value);
    case Notation::significant:
      return three_digits(value);
  }
  return {};
}

}  // namespace evalzip
