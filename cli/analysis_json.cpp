#include <nlohmann/json.hpp>

#include "cli/analysis_text.h"
#include "harness/utf8.h"

namespace evalzip {
namespace {

using nlohmann::ordered_json;

ordered_json orders_json(const DocumentAnalysis& analysis) {
  ordered_json all = ordered_json::array();
  for (unsigned order = 0; order < analysis.orders.size(); ++order) {
    const OrderStatistics& found = analysis.orders[order];
    ordered_json one = {{"order", order},
                        {"contexts", found.contexts},
                        {"singleton_contexts", found.singleton_contexts},
                        {"successors", found.successors},
                        {"empirical_bits", found.empirical_bits},
                        {"corrected_bits", found.corrected_bits},
                        {"kt_bits", found.kt_bits},
                        {"meaningful", order < analysis.first_meaningless_order}};
    if (order < analysis.half_widths.size()) {
      one["half_width_bits_per_byte"] = analysis.half_widths[order];
    }
    all.push_back(one);
  }
  return all;
}

ordered_json symbols_json(const SymbolEntropy& found) {
  return {{"symbols", found.symbols},
          {"distinct", found.distinct},
          {"empirical_bits", found.empirical_bits},
          {"corrected_bits", found.corrected_bits}};
}

ordered_json randomness_json(const Randomness& found) {
  ordered_json json = {{"chi_square", found.chi_square},
                       {"chi_square_exceeded", found.chi_square_exceeded},
                       {"mean_byte", found.mean_byte}};
  if (found.serial_correlation) json["serial_correlation"] = *found.serial_correlation;
  return json;
}

ordered_json profile_json(const DocumentAnalysis& analysis) {
  ordered_json all = ordered_json::array();
  for (const ProfileWindow& window : analysis.profile) {
    ordered_json one = {{"offset", window.offset},
                        {"bytes", window.size},
                        {"local_bits", window.local_bits},
                        {"adaptive_bits", window.adaptive_bits}};
    if (window.repeated_share >= 0) one["repeated_share"] = window.repeated_share;
    all.push_back(one);
  }
  return all;
}

void add_structure(ordered_json& json, const DocumentAnalysis& analysis) {
  if (analysis.record) {
    json["record"] = {{"bytes", analysis.record->bytes},
                      {"agreement", analysis.record->agreement},
                      {"chance", analysis.record->chance}};
  }
  if (analysis.stride) {
    json["stride"] = {{"bytes", analysis.stride->bytes},
                      {"entropy_bits", analysis.stride->entropy_bits}};
  }
}

}  // namespace

std::string analysis_json(const DocumentAnalysis& analysis, const std::string& name) {
  ordered_json json = {{"document", text_from_bytes(name)}, {"bytes", analysis.size},
                       {"kind", analysis.kind.name},        {"evidence", analysis.kind.evidence},
                       {"distinct", analysis.distinct},     {"counts", analysis.counts},
                       {"orders", orders_json(analysis)}};
  if (analysis.size > 0) {
    json["words"] = symbols_json(analysis.words);
    if (analysis.characters) json["characters"] = symbols_json(*analysis.characters);
    if (analysis.tokens) {
      json["tokens"] = symbols_json(*analysis.tokens);
      json["tokens"]["bytes"] = analysis.token_size;
    }
    if (analysis.model_bits) {
      json["model"] = {{"bytes", analysis.model_size}, {"bits", *analysis.model_bits}};
    }
    json["randomness"] = randomness_json(*analysis.randomness);
    json["ctw"] = {{"bytes", analysis.ctw_size}, {"bits", analysis.ctw_bits}};
    json["ppm"] = {{"bytes", analysis.ctw_size}, {"bits", analysis.ppm_bits}};
    if (analysis.match_entropy) {
      json["matches"] = {{"bytes", analysis.match_size},
                         {"bits_per_byte", analysis.match_entropy->bits_per_byte},
                         {"low", analysis.match_entropy->low},
                         {"high", analysis.match_entropy->high}};
    }
    add_structure(json, analysis);
  }
  json["profile"] = profile_json(analysis);
  return json.dump(2);
}

}  // namespace evalzip
