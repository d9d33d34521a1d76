// Speeds: a bar to the median of all files together, its interval, and a box plot over the files.
#include <algorithm>

#include <fmt/format.h>

#include "reports/charts.h"
#include "reports/columns.h"
#include "reports/label_layout.h"
#include "reports/printable.h"

namespace evalzip {
namespace {

constexpr double kLeft = 190, kRight = 600, kTop = 8, kRow = 34, kBar = 12;
constexpr std::size_t kNameCells = 26;

struct Speeds {
  const Row* row;
  double middle[2] = {0, 0};  // encode, decode
  std::optional<Interval95> interval[2];
  std::vector<double> files[2];  // sorted
};

constexpr Direction kDirections[] = {Direction::encode, Direction::decode};

std::optional<Speeds> speeds_of(const Row& row) {
  if (!row.figures) return std::nullopt;
  Speeds speeds{&row, {}, {}, {}};
  for (int side = 0; side < 2; ++side) {
    const Column& column = find_column(to_string(kDirections[side]));
    speeds.middle[side] = column.value(*row.figures).value_or(0);
    if (!(speeds.middle[side] > 0)) return std::nullopt;
    speeds.interval[side] = column.interval(*row.figures);
    for (const Record* record : row.ok) {
      const auto& seconds = side == 0 ? record->encode_seconds : record->decode_seconds;
      const double middle = seconds.empty() ? 0 : median(seconds);
      if (record->original_bytes == 0 || !(middle > 0)) continue;
      speeds.files[side].push_back(static_cast<double>(record->original_bytes) / 1e6 / middle);
    }
    std::ranges::sort(speeds.files[side]);
  }
  return speeds;
}

// Hyndman and Fan (1996), definition 7.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto before = static_cast<std::size_t>(place);
  const std::size_t after = std::min(before + 1, sorted.size() - 1);
  return sorted[before] + (place - static_cast<double>(before)) * (sorted[after] - sorted[before]);
}

Scale scale_of(const std::vector<Speeds>& all) {
  double low = all.front().middle[0], high = low;
  for (const Speeds& speeds : all) {
    for (int side = 0; side < 2; ++side) {
      low = std::min(low, speeds.middle[side]);
      high = std::max(high, speeds.middle[side]);
      if (speeds.files[side].empty()) continue;
      low = std::min(low, speeds.files[side].front());
      high = std::max(high, speeds.files[side].back());
    }
  }
  return Scale::logarithmic(low / 1.5, high * 1.5, kLeft, kRight);
}

void draw_side(SvgCanvas& canvas, const Scale& x, const Speeds& speeds, int side, double top) {
  constexpr double kWhisker = 3;
  const std::string series = fmt::format("s{}", side);
  const double end = x.place(speeds.middle[side]), middle = top + kBar / 2;
  canvas.rectangle({kLeft, top}, end - kLeft, kBar, series + " bar");
  const std::vector<double>& files = speeds.files[side];
  if (files.size() > 2) {
    const double low = x.place(quantile(files, 0.25)), high = x.place(quantile(files, 0.75));
    canvas.line({x.place(files.front()), middle}, {x.place(files.back()), middle}, series);
    canvas.rectangle({low, top + 3}, high - low, kBar - 6, series + " box");
    const double half = x.place(quantile(files, 0.5));
    canvas.line({half, top + 2}, {half, top + kBar - 2}, "front");
  }
  canvas.line({end, top - 1}, {end, top + kBar + 1}, series);
  if (!speeds.interval[side]) return;
  const double low = x.place(speeds.interval[side]->low),
               high = x.place(speeds.interval[side]->high);
  canvas.line({low, middle}, {high, middle}, "error");
  for (const double at : {low, high}) {
    canvas.line({at, middle - kWhisker}, {at, middle + kWhisker}, "error");
  }
}

void draw_row(SvgCanvas& canvas, const Scale& x, const Speeds& speeds, const ChartSource& source,
              double top) {
  canvas.text({kLeft - 8, top + 16}, shortened(source.labels.of(*speeds.row), kNameCells), "name",
              Anchor::end);
  for (int side = 0; side < 2; ++side) {
    const double at = top + side * (kBar + 3);
    draw_side(canvas, x, speeds, side, at);
    canvas.text({kRight + 50, at + 10}, format_value(find_column("encode"), speeds.middle[side]),
                "muted", Anchor::end);
  }
}

}  // namespace

std::vector<Panel> draw_speeds(const ChartSource& source) {
  std::vector<Speeds> all;
  for (const Row& row : source.set.rows) {
    if (auto speeds = speeds_of(row)) all.push_back(std::move(*speeds));
  }
  if (all.empty()) return {};
  std::ranges::stable_sort(all, std::greater{}, [](const Speeds& s) { return s.middle[0]; });
  const Scale x = scale_of(all);
  const double bottom = kTop + kRow * static_cast<double>(all.size());
  SvgCanvas canvas;
  canvas.horizontal_axis(x, kTop, bottom, "MB/s, logarithmic; upper bar encode, lower bar decode");
  std::string description = "MB/s, encode and decode:";
  double top = kTop + 3;
  for (const Speeds& speeds : all) {
    draw_row(canvas, x, speeds, source, top);
    description += fmt::format(" {} {:.3g} and {:.3g};", source.labels.of(*speeds.row),
                               speeds.middle[0], speeds.middle[1]);
    top += kRow;
  }
  description +=
      " boxes are quartiles over the files and their lines reach the slowest and fastest file; the "
      "axis has no zero, so lengths of bars do not compare.";
  return {{source.place + ": speed, upper bar encode, lower bar decode", description, bottom + 36,
           canvas.elements()}};
}

}  // namespace evalzip
