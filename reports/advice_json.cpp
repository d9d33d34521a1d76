// Advice for programs.
#include <cmath>

#include <nlohmann/json.hpp>

#include "reports/advice.h"

namespace evalzip {
namespace {

using Json = nlohmann::ordered_json;

Json interval_json(const Interval95& interval) {
  return Json::array({interval.low, interval.high});
}

Json option_json(const AdviceOption& option) {
  return {{"name", option.name},
          {"bytes", option.bytes},
          {"encode_seconds", option.encode_seconds},
          {"encode_interval", interval_json(option.encode)},
          {"decode_seconds", option.decode_seconds},
          {"decode_interval", interval_json(option.decode)},
          {"fastest_encoder", option.fastest_encoder},
          {"fastest_decoder", option.fastest_decoder}};
}

Json advice_object(const AdviceOnCorpus& on, const Advice& advice, const AdviceSettings& settings) {
  Json ranking = Json::array(), equals = Json::array(), regrets = Json::array();
  for (const std::size_t i : advice.order) {
    const Cost cost = cost_of(on.options[i], advice.purpose, settings);
    ranking.push_back({{"name", on.options[i].name},
                       {"cost", cost.amount},
                       {"interval", interval_json(cost.interval)}});
  }
  for (const std::size_t i : advice.equals) equals.push_back(on.options[i].name);
  for (const Regret& regret : advice.regrets) {
    regrets.push_back({{"situation", regret.situation},
                       {"best", on.options[regret.best].name},
                       {"excess", regret.excess}});
  }
  Json json = {{"purpose", to_string(advice.purpose)},
               {"unit", advice.purpose == Purpose::storing ? "price" : "seconds"},
               {"best", on.options[advice.order.front()].name},
               {"ranking", ranking},
               {"within_intervals", equals},
               {"if_otherwise", regrets}};
  if (advice.purpose != Purpose::storing) {
    json["least_bandwidth"] = advice.least_bandwidth;
    if (std::isfinite(advice.most_bandwidth)) json["most_bandwidth"] = advice.most_bandwidth;
  }
  return json;
}

}  // namespace

std::string advice_json(const std::vector<AdviceOnCorpus>& advice, const AdviceSettings& settings) {
  Json array = Json::array();
  for (const AdviceOnCorpus& on : advice) {
    Json options = Json::array(), purposes = Json::array();
    for (const AdviceOption& option : on.options) options.push_back(option_json(option));
    for (const Advice& one : on.advice) purposes.push_back(advice_object(on, one, settings));
    array.push_back({{"corpus", on.corpus},
                     {"documents", on.documents},
                     {"original_bytes", on.original_bytes},
                     {"estimate", on.estimate},
                     {"per_original_bytes", 1000000000},
                     {"options", options},
                     {"too_large", on.too_large},
                     {"advice", purposes}});
  }
  return array.dump(2) + "\n";
}

}  // namespace evalzip
