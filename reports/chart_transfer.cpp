// Time to compress, send and decompress, one after the other, against the bandwidth of the link.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "reports/charts.h"
#include "reports/label_layout.h"
#include "reports/transfer.h"

namespace evalzip {
namespace {

constexpr double kLeft = 52, kRight = 640, kTop = 22, kBottom = 330;
constexpr double kLeast = 1e6 / 8, kMost = 1e11 / 8;  // 1 Mbit/s to 100 Gbit/s, in bytes
constexpr double kBits = 8;

std::string bandwidth_text(double bytes_per_second) {
  const double bits = kBits * bytes_per_second;
  if (bits >= 1e9) return fmt::format("{:.3g} Gbit/s", bits / 1e9);
  return fmt::format("{:.3g} Mbit/s", bits / 1e6);
}

std::string name_of(const ChartSource& source, const TransferLine& line) {
  return line.row == nullptr ? "without compression" : source.labels.of(*line.row);
}

class TransferPanel {
 public:
  TransferPanel(const ChartSource& source, std::vector<TransferLine> lines)
      : source_(source),
        lines_(std::move(lines)),
        reigns_(soonest(lines_, kLeast, kMost)),
        x_(Scale::logarithmic(kLeast * kBits, kMost * kBits, kLeft, kRight)),
        y_(seconds_scale()) {}

  Panel panel() {
    canvas_.horizontal_axis(x_, kTop, kBottom, "bandwidth, bit/s, logarithmic");
    canvas_.vertical_axis(y_, kLeft, kRight, "seconds, logarithmic");
    for (const TransferLine& line : lines_) {
      canvas_.path(curve(line, kLeast, kMost), line.row == nullptr ? "dashed" : "thin");
    }
    for (std::size_t i = 0; i < reigns_.size(); ++i) draw_reign(i);
    draw_names();
    return {source_.place + ": time to compress, send and decompress", describe(), kBottom + 36,
            canvas_.elements()};
  }

 private:
  Scale seconds_scale() const {
    double low = lines_.front().seconds(kMost), high = low;
    for (const TransferLine& line : lines_) {
      low = std::min(low, line.seconds(kMost));
      high = std::max(high, line.seconds(kLeast));
    }
    return Scale::logarithmic(low / 1.5, high * 1.5, kBottom, kTop);
  }

  std::vector<Point> curve(const TransferLine& line, double from, double to) const {
    constexpr int kSteps = 48;
    std::vector<Point> points;
    for (int step = 0; step <= kSteps; ++step) {
      const double bandwidth = from * std::pow(to / from, static_cast<double>(step) / kSteps);
      points.push_back({x_.place(kBits * bandwidth), y_.place(line.seconds(bandwidth))});
    }
    return points;
  }

  double end_of(std::size_t reign) const {
    return reign + 1 < reigns_.size() ? reigns_[reign + 1].from : kMost;
  }

  void draw_reign(std::size_t i) {
    const TransferLine& line = lines_[reigns_[i].line];
    const std::size_t series = line.row == nullptr ? kSeries - 1 : source_.series(*line.row);
    canvas_.path(curve(line, reigns_[i].from, end_of(i)),
                 fmt::format("s{} curve", series % kSeries));
    if (i == 0) return;
    const double x = x_.place(kBits * reigns_[i].from);
    canvas_.line({x, y_.place(line.seconds(reigns_[i].from))}, {x, kBottom}, "dashed");
  }

  // Above the middle of each reign; long reigns choose their places first.
  void draw_names() {
    std::vector<std::size_t> order(reigns_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, std::greater{},
                             [&](std::size_t i) { return end_of(i) / reigns_[i].from; });
    std::vector<NamedPoint> points;
    for (const std::size_t i : order) {
      const double middle = std::sqrt(reigns_[i].from * end_of(i));
      points.push_back({x_.place(kBits * middle), y_.place(lines_[reigns_[i].line].seconds(middle)),
                        text_width(name_of(source_, lines_[reigns_[i].line]), kNameSize)});
    }
    std::vector<Box> curves;
    for (const Reign& reign : reigns_) {
      for (const Point& p : curve(lines_[reign.line], kLeast, kMost)) {
        curves.push_back({p.x - 3, p.y - 2, p.x + 3, p.y + 2});
      }
    }
    const auto places = place_names(points, {kLeft + 2, kTop, kRight, kBottom - 2}, curves);
    for (std::size_t i = 0; i < places.size(); ++i) {
      draw_name(canvas_, points[i], places[i], name_of(source_, lines_[reigns_[order[i]].line]));
    }
  }

  std::string describe() const {
    std::string text = "Soonest of all: ";
    for (std::size_t i = 0; i < reigns_.size(); ++i) {
      text +=
          fmt::format("{}{} from {}", i == 0 ? "" : "; ", name_of(source_, lines_[reigns_[i].line]),
                      bandwidth_text(reigns_[i].from));
    }
    return text +
           ". Median times; nothing overlaps: seconds = encode + bytes / bandwidth + decode.";
  }

  const ChartSource& source_;
  std::vector<TransferLine> lines_;
  std::vector<Reign> reigns_;
  Scale x_, y_;
  SvgCanvas canvas_;
};

}  // namespace

std::vector<Panel> draw_transfer(const ChartSource& source) {
  std::vector<TransferLine> lines = transfer_lines(source.set);
  if (lines.size() < 2 || !(lines.front().bytes > 0)) return {};
  return {TransferPanel(source, std::move(lines)).panel()};
}

}  // namespace evalzip
