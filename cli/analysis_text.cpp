#include "cli/analysis_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cli/sparkline.h"
#include "reports/columns.h"
#include "reports/printable.h"
#include "reports/text_grid.h"

namespace evalzip {
namespace {

// A fact with its name in front; `text` may have several lines.
std::string fact(const char* name, const std::string& text) {
  return fmt::format("  {:<11} {}\n", name, text);
}

std::string per_byte(double bits, std::uint64_t bytes) {
  return fmt::format("{:.3f}", bits / static_cast<double>(bytes));
}

std::string beginning(std::uint64_t part, std::uint64_t whole) {
  if (part == whole) return "";
  return fmt::format(" in the first {} bytes", format_grouped(part));
}

std::string byte_facts(const DocumentAnalysis& analysis) {
  const Randomness& found = *analysis.randomness;
  std::string text =
      fmt::format("{} of 256 values, mean {:.1f}", analysis.distinct, found.mean_byte);
  if (found.serial_correlation) {
    text += fmt::format(", neighbours correlate {:.3f}", *found.serial_correlation);
  }
  text += fmt::format(", chi-square {:.4g} (random: 210 to 300)", found.chi_square);
  // Logarithms, so that rare values are seen too; four values a bar.
  std::vector<double> bars;
  for (std::size_t at = 0; at < 256; at += 4) {
    std::uint64_t count = 0;
    for (std::size_t i = at; i < at + 4; ++i) count += analysis.counts[i];
    bars.push_back(count == 0 ? -1 : std::log2(static_cast<double>(count)));
  }
  return fact("bytes", text) +
         fact("histogram", sparkline(bars, 0, *std::max_element(bars.begin(), bars.end())) +
                               "  log scale, 00 to ff");
}

std::string order_line(const DocumentAnalysis& analysis, unsigned order) {
  const OrderStatistics& found = analysis.orders[order];
  const std::string error = order < analysis.half_widths.size()
                                ? fmt::format("±{:.3f}", analysis.half_widths[order])
                                : "";
  return fmt::format(
      "  {:>5} {:>13} {:>13} {:>10} {:>10} {:>7} {:>9}", order, format_grouped(found.contexts),
      format_grouped(found.singleton_contexts), per_byte(found.empirical_bits, analysis.size),
      per_byte(found.corrected_bits, analysis.size), error, per_byte(found.kt_bits, analysis.size));
}

std::string order_table(const DocumentAnalysis& analysis, bool colour) {
  std::string text = fmt::format("\n  {:>5} {:>13} {:>13} {:>10} {:>10} {:>7} {:>9}\n", "order",
                                 "contexts", "seen once", "entropy", "corrected", "", "KT code");
  for (unsigned order = 0; order < analysis.orders.size(); ++order) {
    const bool meaningless = order >= analysis.first_meaningless_order;
    text += styled(order_line(analysis, order) + (meaningless ? "  says little" : ""),
                   meaningless ? Style::dim : Style::plain, colour) +
            "\n";
  }
  return text + "\n";
}

// Code lengths and estimates of other kinds, in bits per byte.
std::string other_bounds(const DocumentAnalysis& analysis) {
  const auto symbols = [&](const SymbolEntropy& found, std::uint64_t size) {
    return fmt::format("{} bits/byte ({} corrected) of {} distinct{}",
                       per_byte(found.empirical_bits, size), per_byte(found.corrected_bits, size),
                       format_grouped(found.distinct), beginning(size, analysis.size));
  };
  std::string text = fact("16-bit", symbols(analysis.words, analysis.size));
  if (analysis.characters) text += fact("characters", symbols(*analysis.characters, analysis.size));
  if (analysis.tokens) text += fact("tokens", symbols(*analysis.tokens, analysis.token_size));
  if (analysis.model_bits) {
    text += fact("model code", per_byte(*analysis.model_bits, analysis.model_size) + " bits/byte" +
                                   beginning(analysis.model_size, analysis.size));
  }
  text += fact("CTW code", per_byte(analysis.ctw_bits, analysis.ctw_size) + " bits/byte" +
                               beginning(analysis.ctw_size, analysis.size));
  text += fact("PPM code", per_byte(analysis.ppm_bits, analysis.ctw_size) + " bits/byte" +
                               beginning(analysis.ctw_size, analysis.size));
  if (const auto& found = analysis.match_entropy) {
    text += fact("matches", fmt::format("{:.3f} bits/byte, {:.3f} to {:.3f}{}",
                                        found->bits_per_byte, found->low, found->high,
                                        beginning(analysis.match_size, analysis.size)));
  }
  return text;
}

std::string structure(const DocumentAnalysis& analysis) {
  std::string text;
  if (const auto& found = analysis.record) {
    text += fact("records", fmt::format("of {} bytes? {:.0f} % of bytes equal the one a record "
                                        "earlier; by chance {:.0f} %",
                                        found->bytes, 100 * found->agreement, 100 * found->chance));
  }
  if (const auto& found = analysis.stride) {
    const double own = analysis.orders[0].empirical_bits / static_cast<double>(analysis.size);
    text += fact("numbers?", fmt::format("differences over {} byte{} have {:.3f} bits of order-0 "
                                         "entropy, bytes {:.3f}: try delta={}",
                                         found->bytes, found->bytes == 1 ? "" : "s",
                                         found->entropy_bits, own, found->bytes));
  }
  return text;
}

std::string profile_lines(const DocumentAnalysis& analysis) {
  std::vector<double> bits, repeats;
  for (const ProfileWindow& window : analysis.profile) {
    bits.push_back(window.adaptive_bits / static_cast<double>(window.size));
    repeats.push_back(window.repeated_share);
  }
  const auto [least, most] = std::minmax_element(bits.begin(), bits.end());
  std::string text = fact(
      "order 1", sparkline(bits, 0, 8) +
                     fmt::format("  {:.2f} to {:.2f} bits/byte along the file", *least, *most));
  const double highest = *std::max_element(repeats.begin(), repeats.end());
  if (highest < 0) return text;
  return text + fact("repeats", sparkline(repeats, 0, 1) +
                                    fmt::format("  up to {:.0f} % in matches of {}+ bytes",
                                                100 * highest, kLongMatch));
}

}  // namespace

std::string analysis_text(const DocumentAnalysis& analysis, const std::string& name, bool colour) {
  std::string text =
      fmt::format("{}  {} byte{} · {} ({})\n", printable(name), format_grouped(analysis.size),
                  analysis.size == 1 ? "" : "s", analysis.kind.name, analysis.kind.evidence);
  if (analysis.size == 0) return text;
  return text + byte_facts(analysis) + order_table(analysis, colour) + other_bounds(analysis) +
         structure(analysis) + profile_lines(analysis);
}

}  // namespace evalzip
