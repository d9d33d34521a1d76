// Bits per byte of each codec beside what its own model asks for, and entropies of the data.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "reports/charts.h"
#include "reports/columns.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

constexpr double kLeft = 190, kRight = 560, kTop = 22, kRow = 20;
constexpr std::size_t kNameCells = 26;

struct Gap {
  const Row* row;
  double bits;                  // per byte
  std::optional<double> ideal;  // code length under the codec's own model
};

// What is known of the data itself, whatever the codec.
struct Entropy {
  std::string_view name;
  double bits;  // per byte
};

std::vector<Entropy> entropies_of(const std::vector<Gap>& gaps) {
  const Row* most = nullptr;
  for (const Gap& gap : gaps) {
    if (gap.row->estimate) continue;
    if (most == nullptr || gap.row->ok.size() > most->ok.size()) most = gap.row;
  }
  std::vector<Entropy> entropies;
  if (most == nullptr) return entropies;
  constexpr std::pair<std::string_view, std::string_view> kColumns[] = {
      {"order_0", "single bytes"}, {"order_2", "after two bytes"}, {"entropy", "true entropy"}};
  for (const auto& [column, name] : kColumns) {
    const auto bits = find_column(column).value(*most->figures);
    if (bits.has_value()) entropies.push_back({name, *bits});
  }
  return entropies;
}

// Names of the lines stand above the rows, one below the other.
void draw_entropy(SvgCanvas& canvas, const Scale& x, const Entropy& entropy, double name_y,
                  double bottom) {
  const double at = x.place(entropy.bits);
  canvas.line({at, name_y - 9}, {at, bottom}, "dashed");
  const bool at_right = at > (kLeft + kRight) / 2;
  canvas.text({at + (at_right ? -4 : 4), name_y},
              fmt::format("{} {:.3f}", entropy.name, entropy.bits), "muted",
              at_right ? Anchor::end : Anchor::start);
}

std::string gap_text(const Gap& gap) {
  if (!gap.ideal) return fmt::format("{:.3f}", gap.bits);
  return fmt::format("{:.3f} ({:+.2f}%)", gap.bits, 100 * (gap.bits / *gap.ideal - 1));
}

void draw_gap(SvgCanvas& canvas, const Scale& x, const Gap& gap, const ChartSource& source,
              double y) {
  const double at = x.place(gap.bits);
  canvas.text({kLeft - 8, y + 4}, shortened(source.labels.of(*gap.row), kNameCells), "name",
              Anchor::end);
  if (gap.ideal) {
    const double ideal = x.place(*gap.ideal);
    canvas.line({ideal, y}, {at, y}, "error");
    canvas.line({ideal, y - 6}, {ideal, y + 6}, "front");
  }
  canvas.marker({at, y}, source.series(*gap.row), gap.row->estimate,
                fmt::format("{}: {}", source.labels.of(*gap.row), gap_text(gap)));
  canvas.text({kPanelWidth - 8, y + 4}, gap_text(gap), "muted", Anchor::end);
}

std::vector<Gap> gaps_of(const PivotSet& set) {
  const Column &bits = find_column("bits_per_byte"), &ideal = find_column("ideal");
  std::vector<Gap> gaps;
  for (const Row& row : set.rows) {
    const auto value = row.figures ? bits.value(*row.figures) : std::nullopt;
    if (value.has_value()) gaps.push_back({&row, *value, ideal.value(*row.figures)});
  }
  std::ranges::stable_sort(gaps, {}, &Gap::bits);
  return gaps;
}

}  // namespace

std::vector<Panel> draw_entropy_gap(const ChartSource& source) {
  const std::vector<Gap> gaps = gaps_of(source.set);
  if (gaps.empty()) return {};
  constexpr double kMostBits = 8;
  const double most = std::max(kMostBits, gaps.back().bits * 1.02);
  const Scale x = Scale::linear(0, most, kLeft, kRight);
  const std::vector<Entropy> entropies = entropies_of(gaps);
  constexpr double kNameLine = 13;
  const double top = kTop + kNameLine * static_cast<double>(entropies.size());
  const double bottom = top + kRow * static_cast<double>(gaps.size()) + 4;
  SvgCanvas canvas;
  canvas.horizontal_axis(x, top, bottom, "encoded bits per byte of the original");
  std::string description;
  double name_y = kTop;
  for (const Entropy& entropy : entropies) {
    draw_entropy(canvas, x, entropy, name_y, bottom);
    description += fmt::format("Dashed, {}: {:.3f}. ", entropy.name, entropy.bits);
    name_y += kNameLine;
  }
  description += "Bits per byte, least first:";
  double y = top + kRow / 2 + 2;
  for (const Gap& gap : gaps) {
    draw_gap(canvas, x, gap, source, y);
    description += fmt::format(" {} {};", source.labels.of(*gap.row), gap_text(gap));
    y += kRow;
  }
  description +=
      " a tick is the code length under the codec's own model, and the percentage what "
      "the coder adds to it.";
  return {{source.place + ": bits per byte, entropies, and above the codec's own model",
           description, bottom + 36, canvas.elements()}};
}

}  // namespace evalzip
