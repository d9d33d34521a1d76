// The baseline as text:
//   CORPUS/DOCUMENT CODEC VERSION TOOLCHAIN name=value...
// Bytes that could be mistaken for the format are written as %XX.
#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "reports/printable.h"
#include "tracking/baseline.h"

namespace evalzip {
namespace {

constexpr std::string_view kFirstLine = "# evalzip baseline 1";
constexpr std::string_view kHead =
    "# evalzip baseline 1\n"
    "# CORPUS/DOCUMENT CODEC VERSION TOOLCHAIN VALUES: what each cell should be, sorted. Written "
    "by\n"
    "# `evalzip baseline update` and `accept`; a difference that `check` finds fails the build.\n";

// Codec settings are full of `=`, which is special in values only.
enum class Place { cell, codec };

std::string escaped(std::string_view bytes, Place place = Place::cell) {
  const std::string_view marks = place == Place::codec ? "%/#" : "%/#=";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || marks.find(c) != marks.npos) {
      out += fmt::format("%{:02X}", byte);
    } else {
      out += c;
    }
  }
  if (out.empty()) out += '%';  // an empty word would vanish between the spaces
  return out;
}

// 17 significant digits read back as the same double; whole numbers look whole.
std::string number_text(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{:.17g}", value);
}

// Reads one line; every complaint names it.
class LineReader {
 public:
  LineReader(std::size_t number, std::string_view line) : number_(number), line_(line) {}

  void read(Baseline& baseline) {
    BaselineKey key;
    BaselineValues values;
    const std::string_view place = word("CORPUS/DOCUMENT");
    const std::size_t slash = place.find('/');
    if (slash == place.npos) refuse("its first word has no /");
    key.cell.corpus = unescaped(place.substr(0, slash));
    key.cell.document = unescaped(place.substr(slash + 1));
    key.cell.codec = unescaped(word("CODEC"));
    key.version = unescaped(word("VERSION"));
    key.toolchain = unescaped(word("TOOLCHAIN"));
    while (!line_.empty()) read_value(word("a value"), key, values);
    if (!baseline.emplace(std::move(key), std::move(values)).second) {
      refuse("the same cell, version and toolchain stand above");
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw BaselineError(fmt::format("line {} of the baseline: {}", number_, what));
  }

  std::string_view word(const char* what) {
    const std::size_t end = std::min(line_.find(' '), line_.size());
    const std::string_view found = line_.substr(0, end);
    if (found.empty()) refuse(fmt::format("{} is not there", what));
    line_.remove_prefix(std::min(end + 1, line_.size()));
    return found;
  }

  std::string unescaped(std::string_view text) const {
    if (text == "%") return {};
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        out += text[i];
        continue;
      }
      unsigned byte = 0;
      const std::string_view digits = text.substr(i + 1, 2);
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) {
        refuse(fmt::format("{} has a % without two hexadecimal digits", printable(text)));
      }
      out += static_cast<char>(byte);
      i += 2;
    }
    return out;
  }

  void read_value(std::string_view text, BaselineKey& key, BaselineValues& values) const {
    const std::size_t equals = text.find('=');
    if (equals == text.npos) refuse(fmt::format("{} is not name=value", printable(text)));
    const std::string name(text.substr(0, equals));
    const std::string_view value = text.substr(equals + 1);
    if (name == "sha256") {
      values.sha256 = unescaped(value);
      return;
    }
    const double number = parsed(name, value);
    if (name == "block_bytes") {
      key.cell.block_bytes = static_cast<std::uint64_t>(number);
    } else if (name == "sample_bytes") {
      key.cell.sample_bytes = static_cast<std::uint64_t>(number);
    } else if (name == "threads") {
      key.cell.threads = static_cast<unsigned>(number);
    } else if (const Metric* metric = find_metric(name);
               metric != nullptr && metric->deterministic) {
      values.metrics[name] = number;
    } else {
      refuse(fmt::format("there is no metric {} in this evalzip", printable(name)));
    }
  }

  double parsed(const std::string& name, std::string_view text) const {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number) ||
        number < 0 || number > 1e18) {
      refuse(
          fmt::format("{}={} is not a number from 0 to 10^18", printable(name), printable(text)));
    }
    return number;
  }

  std::size_t number_;
  std::string_view line_;
};

}  // namespace

Baseline parse_baseline(std::string_view text) {
  Baseline baseline;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (++number == 1 && line != kFirstLine) {
      throw BaselineError(
          fmt::format("it begins with \"{}\" and not with \"{}\": it is not a "
                      "baseline that this evalzip can read",
                      printable(line.substr(0, 60)), kFirstLine));
    }
    if (!line.empty() && line.front() != '#') LineReader(number, line).read(baseline);
  }
  if (number == 0) throw BaselineError("it is empty: `evalzip baseline update` makes one");
  return baseline;
}

std::string format_baseline(const Baseline& baseline) {
  std::string text(kHead);
  for (const auto& [key, values] : baseline) {
    text += fmt::format("{}/{} {} {} {}", escaped(key.cell.corpus), escaped(key.cell.document),
                        escaped(key.cell.codec, Place::codec), escaped(key.version),
                        escaped(key.toolchain));
    if (key.cell.block_bytes != 0) text += fmt::format(" block_bytes={}", key.cell.block_bytes);
    if (key.cell.sample_bytes != 0) text += fmt::format(" sample_bytes={}", key.cell.sample_bytes);
    if (key.cell.threads != 1) text += fmt::format(" threads={}", key.cell.threads);
    if (!values.sha256.empty()) text += fmt::format(" sha256={}", escaped(values.sha256));
    for (const auto& [name, value] : values.metrics) {
      text += fmt::format(" {}={}", name, number_text(value));
    }
    text += '\n';
  }
  return text;
}

}  // namespace evalzip
