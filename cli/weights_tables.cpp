#include "cli/weights_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reports/columns.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

// Bytes a second: 100 Mbit/s, 1 Gbit/s, a SATA disk, 10 Gbit/s, and disks of three generations.
constexpr double kBandwidths[] = {12.5e6, 125e6, 500e6, 1.25e9, 3.5e9, 7e9, 14e9};

std::string percent_of(double part, double whole) {
  return whole == 0 ? "-" : fmt::format("{:.1f} %", 100 * part / whole);
}

// What exponents under their own counts, and all other bits copied, would take.
std::string exponent_floor(const FieldEntropies& fields) {
  if (fields.exponent_bits == 0) return "-";
  const double bits = 1 + fields.exponent_bits + fields.mantissa_bits;
  return percent_of(1 + fields.exponent + fields.mantissa_bits, bits);
}

}  // namespace

void print_groups(const std::vector<WeightsGroup>& groups) {
  fmt::print("{:<10} {:<8} {:>8} {:>14} {:>9} {:>8} {:>10} {:>7} {:>9} {:>9}\n", "kind", "type",
             "tensors", "weights", "bits each", "size", "exp. floor", "sign", "exponent",
             "mantissa");
  for (const WeightsGroup& one : groups) {
    const auto numbers = static_cast<double>(one.numbers);
    const FieldEntropies& fields = one.entropies;
    const bool floats = fields.exponent_bits > 0;
    const auto entropy = [&](double bits) { return floats ? fmt::format("{:.3f}", bits) : "-"; };
    fmt::print("{:<10} {:<8} {:>8} {:>14} {:>9.3f} {:>8} {:>10} {:>7} {:>9} {:>9}\n", one.kind,
               printable(one.type), one.tensors, format_grouped(one.numbers),
               numbers == 0 ? 0 : 8 * static_cast<double>(one.stored) / numbers,
               percent_of(static_cast<double>(one.stored), static_cast<double>(one.bytes)),
               exponent_floor(fields), entropy(fields.sign), entropy(fields.exponent),
               entropy(fields.mantissa));
  }
}

void print_load_times(const Loading& loading) {
  const auto raw = static_cast<double>(loading.raw_bytes);
  const auto stored = static_cast<double>(loading.stored_bytes);
  fmt::print(
      "\n{}: {} bytes, {} as .evt ({:.2f} %), headers and index counted; decoded and compared\n"
      "size: of the bytes; exp. floor: exponents by their entropy, all else copied, which no coder "
      "of\n"
      "exponents alone beats; then entropies of the fields in bits, each byte of a long mantissa "
      "apart.\n",
      printable(loading.name), format_grouped(loading.raw_bytes),
      format_grouped(loading.stored_bytes), raw == 0 ? 0 : 100 * stored / raw);
  fmt::print("\ntime to load      as it is      as .evt\n");
  std::vector<double> bandwidths = loading.bandwidths;
  if (bandwidths.empty()) bandwidths.assign(std::begin(kBandwidths), std::end(kBandwidths));
  for (const double bandwidth : bandwidths) {
    const double plain = raw / bandwidth;
    const double packed = std::max(stored / bandwidth, loading.decode_seconds);
    fmt::print(
        "{:>7.4g} GB/s {:>11.4g} s {:>11.4g} s  {}\n", bandwidth / 1e9, plain, packed,
        packed < plain ? fmt::format("{:.2f} times faster", plain / packed) : "decoding is slower");
  }
  fmt::print("Decoding: {:.2f} GB/s with {} thread{}, one call, checksums and hashes included.\n",
             raw / 1e9 / loading.decode_seconds, loading.threads, loading.threads == 1 ? "" : "s");
}

}  // namespace evalzip
