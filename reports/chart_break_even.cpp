// Bits per byte with model weights counted, against how much data shares them.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "reports/charts.h"
#include "reports/label_layout.h"

namespace evalzip {
namespace {

constexpr double kLeft = 52, kRight = 640, kTop = 22, kBottom = 300;
constexpr double kLeast = 1e6, kMost = 1e12;  // bytes of data
constexpr double kMostBits = 8;

struct Rate {
  const Row* row;
  double payload;  // bits per byte
  double weights;  // bits
  double at(double bytes) const { return payload + weights / bytes; }
};

std::vector<Rate> rates_of(const PivotSet& set) {
  std::vector<Rate> rates;
  for (const Row& row : set.rows) {
    if (!row.figures || row.figures->original_bytes == 0) continue;
    rates.push_back({&row,
                     8 * static_cast<double>(row.figures->encoded_bytes) /
                         static_cast<double>(row.figures->original_bytes),
                     8 * static_cast<double>(row.figures->model_bytes.value_or(0))});
  }
  return rates;
}

std::vector<Point> curve(const Rate& rate, const Scale& x, const Scale& y) {
  constexpr int kSteps = 96;
  std::vector<Point> points;
  for (int step = 0; step <= kSteps; ++step) {
    const double bytes = kLeast * std::pow(kMost / kLeast, static_cast<double>(step) / kSteps);
    if (rate.at(bytes) <= kMostBits) points.push_back({x.place(bytes), y.place(rate.at(bytes))});
  }
  return points;
}

// Where a model's curve falls below the best codec without weights.
std::optional<double> break_even(const Rate& model, const Rate& other) {
  if (model.payload >= other.payload) return std::nullopt;
  return model.weights / (other.payload - model.payload);
}

std::string bytes_text(double bytes) { return short_number(bytes) + "B"; }

class BreakEvenPanel {
 public:
  BreakEvenPanel(const ChartSource& source, std::vector<Rate> models, const Rate& best)
      : source_(source), models_(std::move(models)), best_(best) {}

  Panel panel() {
    canvas_.horizontal_axis(x_, kTop, kBottom, "bytes of data that share the weights, logarithmic");
    canvas_.vertical_axis(y_, kLeft, kRight, "bits per byte, weights counted");
    std::string text = fmt::format("Without weights the best is {} with {:.3f} bits per byte.",
                                   source_.labels.of(*best_.row), best_.payload);
    canvas_.path({{kLeft, y_.place(best_.payload)}, {kRight, y_.place(best_.payload)}}, "dashed");
    // Names of curves stand at their right end, where all are flat; the last of them chooses last.
    named_.push_back({kRight - 4, y_.place(best_.payload), 0});
    names_.push_back(source_.labels.of(*best_.row));
    for (const Rate& model : models_) text += draw_model(model);
    draw_names();
    return {source_.place + ": size with weights against the amount of data", text, kBottom + 36,
            canvas_.elements()};
  }

 private:
  std::string draw_model(const Rate& model) {
    const std::size_t series = source_.series(*model.row);
    const std::string name = source_.labels.of(*model.row);
    canvas_.path(curve(model, x_, y_), fmt::format("s{} curve", series % kSeries));
    names_.push_back(name);
    named_.push_back({kRight - 4, y_.place(model.payload), 0});
    const std::optional<double> bytes = break_even(model, best_);
    if (!bytes) return fmt::format(" {} never pays for its weights.", name);
    const std::string text = fmt::format("{} pays from {} on", name, bytes_text(*bytes));
    if (*bytes > kLeast && *bytes < kMost) {
      const double x = x_.place(*bytes), y = y_.place(best_.payload);
      canvas_.line({x, y}, {x, kBottom}, "dashed");
      canvas_.marker({x, y}, series, false, text);
      names_.back() = text;
    }
    return fmt::format(" {}.", text);
  }

  void draw_names() {
    for (std::size_t i = 0; i < named_.size(); ++i) {
      named_[i].width = text_width(names_[i], kNameSize);
    }
    const auto places = place_names(named_, {kLeft, kTop, kRight, kBottom}, {});
    for (std::size_t i = 0; i < places.size(); ++i) {
      draw_name(canvas_, named_[i], places[i], names_[i]);
    }
  }

  const ChartSource& source_;
  std::vector<Rate> models_;
  Rate best_;
  Scale x_ = Scale::logarithmic(kLeast, kMost, kLeft, kRight);
  Scale y_ = Scale::linear(0, kMostBits, kBottom, kTop);
  std::vector<NamedPoint> named_;
  std::vector<std::string> names_;
  SvgCanvas canvas_;
};

}  // namespace

std::vector<Panel> draw_break_even(const ChartSource& source) {
  std::vector<Rate> models, others;
  for (const Rate& rate : rates_of(source.set)) {
    (rate.weights > 0 ? models : others).push_back(rate);
  }
  if (models.empty() || others.empty()) return {};
  return {BreakEvenPanel(source, std::move(models),
                         *std::ranges::min_element(others, {}, &Rate::payload))
              .panel()};
}

}  // namespace evalzip
