// Advice in plain sentences.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/advice.h"
#include "reports/columns.h"

namespace evalzip {
namespace {

constexpr std::size_t kMostNamed = 4;

std::string three_digits(double value) {
  const Column& plain = find_column("encode");  // significant digits
  return format_value(plain, value);
}

std::string bandwidth(double bytes_per_second) {
  for (const auto& [unit, size] : {std::pair{"GB/s", 1e9}, {"MB/s", 1e6}, {"kB/s", 1e3}}) {
    if (bytes_per_second >= size) return three_digits(bytes_per_second / size) + " " + unit;
  }
  return three_digits(bytes_per_second) + " B/s";
}

std::string times(double count) { return count == 1 ? "once" : fmt::format("{:g} times", count); }

class AdviceText {
 public:
  AdviceText(const AdviceOnCorpus& on, const AdviceSettings& settings)
      : on_(on), settings_(settings) {}

  std::string text() {
    text_ = fmt::format("{}: {} file{}, {} bytes{}; all figures are for 1 GB of such data\n",
                        on_.corpus, on_.documents, on_.documents == 1 ? "" : "s",
                        format_grouped(on_.original_bytes), on_.estimate ? ", from samples" : "");
    for (const Advice& advice : on_.advice) add(advice);
    add_front("nothing both smaller and faster to encode", &AdviceOption::fastest_encoder);
    add_front("nothing both smaller and faster to decode", &AdviceOption::fastest_decoder);
    if (!on_.too_large.empty()) {
      text_ += fmt::format("\ntakes more than {} MB of memory: {}\n",
                           three_digits(static_cast<double>(*settings_.memory_bytes) / 1e6),
                           fmt::join(on_.too_large, ", "));
    }
    return text_;
  }

 private:
  std::string situation(Purpose purpose) const {
    switch (purpose) {
      case Purpose::sending:
        return fmt::format("sending at {}, read {}", bandwidth(settings_.link),
                           times(settings_.reads));
      case Purpose::storing:
        return fmt::format(
            "storing for {:g} months at {:g} a GB and month, {:g} an hour of CPU, "
            "read {}",
            settings_.months, settings_.gigabyte_month_price, settings_.cpu_hour_price,
            times(settings_.reads));
      case Purpose::loading:
        return fmt::format("loading at {}, as of model weights", bandwidth(settings_.disk));
    }
    return {};
  }

  std::string amount(Purpose purpose, double value) const {
    return purpose == Purpose::storing ? three_digits(value) : three_digits(value) + " s";
  }

  Cost cost(std::size_t option, Purpose purpose) const {
    return cost_of(on_.options[option], purpose, settings_);
  }

  std::string with_interval(std::size_t option, Purpose purpose) const {
    const Cost of = cost(option, purpose);
    std::string text = amount(purpose, of.amount);
    if (of.interval.low < of.interval.high) {
      text +=
          fmt::format(" [{}, {}]", three_digits(of.interval.low), three_digits(of.interval.high));
    }
    return text;
  }

  void add(const Advice& advice) {
    const std::size_t best = advice.order.front();
    const AdviceOption& option = on_.options[best];
    text_ += fmt::format("\n{}: {}\n", situation(advice.purpose), option.name);
    text_ += fmt::format("  {}: {}\n", with_interval(best, advice.purpose),
                         reason(advice.purpose, option));
    if (best != 0) {
      const double plain = cost(0, advice.purpose).amount;
      text_ +=
          fmt::format("  without compression {}, {:.2f} times as much\n",
                      amount(advice.purpose, plain), plain / cost(best, advice.purpose).amount);
    }
    add_next(advice);
    add_range(advice);
    add_regrets(advice);
  }

  // Where the cost comes from, in a plain sentence.
  std::string reason(Purpose purpose, const AdviceOption& option) const {
    const double encode = option.encode_seconds, decode = settings_.reads * option.decode_seconds;
    if (purpose == Purpose::storing) {
      const double kept = option.bytes / 1e9 * settings_.gigabyte_month_price * settings_.months;
      const double cpu = (encode + decode) / 3600 * settings_.cpu_hour_price;
      return fmt::format("{:.1f} % of the size costs {} to keep and {} to code", option.bytes / 1e7,
                         three_digits(kept), three_digits(cpu));
    }
    if (purpose == Purpose::loading) {
      return fmt::format("{} s to read {:.1f} % of the size, {} s to decode",
                         three_digits(option.bytes / settings_.disk), option.bytes / 1e7,
                         three_digits(option.decode_seconds));
    }
    return fmt::format("{} s to encode, {} s to send {:.1f} % of the size, {} s to decode",
                       three_digits(encode),
                       three_digits(settings_.reads * option.bytes / settings_.link),
                       option.bytes / 1e7, three_digits(decode));
  }

  void add_next(const Advice& advice) {
    if (advice.order.size() < 2) return;
    const double least = cost(advice.order.front(), advice.purpose).amount;
    std::vector<std::string> next;
    for (std::size_t i = 1; i < std::min(advice.order.size(), kMostNamed); ++i) {
      const std::size_t other = advice.order[i];
      const bool equal = std::ranges::find(advice.equals, other) != advice.equals.end();
      const double cost_of_other = cost(other, advice.purpose).amount;
      // Nothing is a percentage of nothing.
      const std::string more = least > 0
                                   ? fmt::format("{:+.1f} %", 100 * (cost_of_other / least - 1))
                                   : amount(advice.purpose, cost_of_other);
      next.push_back(fmt::format("{} {}{}", on_.options[other].name, more,
                                 equal ? " (within the intervals)" : ""));
    }
    text_ += fmt::format("  then {}\n", fmt::join(next, ", "));
  }

  void add_range(const Advice& advice) {
    if (advice.purpose == Purpose::storing) return;
    const bool from = advice.least_bandwidth > 0, to = std::isfinite(advice.most_bandwidth);
    if (!from && !to) return;
    text_ += "  it is the soonest";
    if (from) text_ += " from " + bandwidth(advice.least_bandwidth);
    if (to) text_ += " up to " + bandwidth(advice.most_bandwidth);
    text_ += "\n";
  }

  void add_regrets(const Advice& advice) {
    const std::size_t best = advice.order.front();
    std::vector<std::string> wrong;
    for (const Regret& regret : advice.regrets) {
      if (regret.best == best) {
        wrong.push_back(fmt::format("{}, still the best", regret.situation));
      } else {
        wrong.push_back(fmt::format("{}, {:.0f} % more than {}", regret.situation,
                                    100 * regret.excess, on_.options[regret.best].name));
      }
    }
    text_ += fmt::format("  if it turns out otherwise: at {}\n", fmt::join(wrong, "; at "));
  }

  void add_front(std::string_view title, bool AdviceOption::*member) {
    std::vector<const AdviceOption*> front;
    for (const AdviceOption& option : on_.options) {
      if (option.*member) front.push_back(&option);
    }
    std::ranges::stable_sort(front, {}, &AdviceOption::bytes);
    std::vector<std::string_view> names;
    for (const AdviceOption* option : front) names.push_back(option->name);
    text_ += fmt::format("\n{}: {}\n", title, fmt::join(names, ", "));
  }

  const AdviceOnCorpus& on_;
  const AdviceSettings& settings_;
  std::string text_;
};

}  // namespace

std::string advice_text(const AdviceOnCorpus& advice, const AdviceSettings& settings) {
  return AdviceText(advice, settings).text();
}

}  // namespace evalzip
