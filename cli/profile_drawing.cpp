#include <fmt/format.h>

#include "cli/analysis_text.h"
#include "reports/columns.h"
#include "reports/escape.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

// In pixels.
constexpr double kWidth = 760, kHeight = 300, kLeft = 52, kTop = 40, kRight = 52, kBottom = 44;
constexpr double kMostBits = 8;

double x_at(std::uint64_t offset, std::uint64_t size) {
  return kLeft +
         (kWidth - kLeft - kRight) * static_cast<double>(offset) / static_cast<double>(size);
}

double y_at(double share) { return kHeight - kBottom - (kHeight - kTop - kBottom) * share; }

constexpr const char* kStyle =
    "<style>text{font:12px sans-serif;fill:#222}.axis{stroke:#bbb;stroke-width:1}"
    ".adaptive{fill:none;stroke:#0060a8;stroke-width:2}"
    ".local{fill:none;stroke:#a8590a;stroke-width:1.5;stroke-dasharray:5 3}"
    ".repeats{fill:#888;fill-opacity:.3}.end{text-anchor:end}.middle{text-anchor:middle}"
    ".back{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#ddd}.axis{stroke:#555}"
    ".adaptive{stroke:#6bb8f5}.local{stroke:#f0a860}.back{fill:#16181c}}</style>\n";

std::string text_at(double x, double y, const char* kind, const std::string& text) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", kind, x, y,
                     xml_text(text));
}

std::string axes(std::uint64_t size) {
  std::string svg;
  for (int bits = 0; bits <= 8; bits += 2) {
    const double y = y_at(bits / kMostBits);
    svg += fmt::format("<line class=\"axis\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                       kLeft, kWidth - kRight, y, y);
    svg += text_at(kLeft - 6, y + 4, "end", fmt::format("{}", bits));
    svg += text_at(kWidth - kRight + 6, y + 4, "", fmt::format("{:.0f} %", 12.5 * bits));
  }
  svg += text_at(kLeft, kHeight - kBottom + 18, "middle", "0");
  svg += text_at(kWidth - kRight, kHeight - kBottom + 18, "end", format_grouped(size) + " bytes");
  return svg;
}

// A staircase over the windows; value(window) is a share of the height.
template <class Value>
std::string steps(const DocumentAnalysis& analysis, Value value) {
  std::string points;
  for (const ProfileWindow& window : analysis.profile) {
    const double y = y_at(value(window));
    points += fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} ", x_at(window.offset, analysis.size), y,
                          x_at(window.offset + window.size, analysis.size), y);
  }
  return points;
}

std::string curves(const DocumentAnalysis& analysis) {
  const auto share_of_bits = [](double bits, const ProfileWindow& window) {
    return bits / static_cast<double>(window.size) / kMostBits;
  };
  const std::string repeats = steps(
      analysis, [](const ProfileWindow& window) { return std::max(0.0, window.repeated_share); });
  return fmt::format(
      "<polygon class=\"repeats\" points=\"{:.1f},{:.1f} {}{:.1f},{:.1f}\"/>\n"
      "<polyline class=\"local\" points=\"{}\"/>\n<polyline class=\"adaptive\" points=\"{}\"/>\n",
      kLeft, y_at(0), repeats, kWidth - kRight, y_at(0),
      steps(analysis,
            [&](const ProfileWindow& window) { return share_of_bits(window.local_bits, window); }),
      steps(analysis, [&](const ProfileWindow& window) {
        return share_of_bits(window.adaptive_bits, window);
      }));
}

std::string legend() {
  constexpr const char* kLine = "<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>\n";
  const double y = kHeight - 8;
  return fmt::format(fmt::runtime(kLine), "adaptive", 60, 88, y - 4, y - 4) +
         text_at(94, y, "", "order 1, adaptive (bits/byte)") +
         fmt::format(fmt::runtime(kLine), "local", 290, 318, y - 4, y - 4) +
         text_at(324, y, "", "order 0 of the window (bits/byte)") +
         fmt::format("<rect class=\"repeats\" x=\"545\" y=\"{}\" width=\"28\" height=\"10\"/>\n",
                     y - 9) +
         text_at(579, y, "", "repeated earlier (%)");
}

}  // namespace

std::string profile_svg(const DocumentAnalysis& analysis, const std::string& name) {
  const std::string title = "Entropy profile of " + printable(name);
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\">\n<title>{2}</title>\n<desc>Bits per byte and share of repeated "
      "bytes along {3} bytes.</desc>\n{4}<rect class=\"back\" width=\"{0}\" height=\"{1}\"/>\n",
      kWidth, kHeight, xml_text(title), format_grouped(analysis.size), kStyle);
  svg += text_at(kLeft, 22, "", shortened(title, 90));
  if (analysis.size == 0) return svg + text_at(kLeft, 60, "", "no bytes") + "</svg>\n";
  return svg + axes(analysis.size) + curves(analysis) + legend() + "</svg>\n";
}

}  // namespace evalzip
