#include "reports/svg_canvas.h"

#include <fmt/format.h>

#include "reports/escape.h"

namespace evalzip {
namespace {

constexpr double kMarker = 4.5;
constexpr double kTitleHeight = 30;
constexpr double kGap = 14;

constexpr std::string_view kAnchors[] = {"start", "middle", "end"};

// The colours of Okabe and Ito (2008), which people with any kind of colour blindness tell apart,
// lighter ones for a dark ground. Their lightness differs too, for paper without colours.
constexpr std::string_view kStyle = R"(.paper{fill:#fff}
.ink,.muted,.name,.heading{font-family:Helvetica,Arial,"DejaVu Sans",sans-serif;font-size:11px;fill:#1b1b1b}
.heading{font-size:14px;font-weight:bold}
.muted{fill:#555}
.grid{stroke:#e3e3e3;stroke-width:1;fill:none}
.axis{stroke:#555;stroke-width:1;fill:none}
.front{stroke:#1b1b1b;stroke-width:1.5;fill:none}
.thin{stroke:#999;stroke-width:1;fill:none}
.dashed{stroke:#555;stroke-width:1;stroke-dasharray:4 3;fill:none}
.error{stroke:#555;stroke-width:1;fill:none}
.s0{stroke:#0072b2;fill:#0072b2}
.s1{stroke:#d55e00;fill:#d55e00}
.s2{stroke:#007a5a;fill:#007a5a}
.s3{stroke:#b0578d;fill:#b0578d}
.s4{stroke:#b87c00;fill:#b87c00}
.s5{stroke:#2d8fc5;fill:#2d8fc5}
.s6{stroke:#1b1b1b;fill:#1b1b1b}
.curve{fill:none;stroke-width:2}
.hollow{fill:none;stroke-width:1.5}
.bar{fill-opacity:.25;stroke:none}
.box{fill-opacity:.55}
@media (prefers-color-scheme:dark){
.paper{fill:#15171a}
.ink,.name,.heading{fill:#eee}
.muted{fill:#b5b5b5}
.grid{stroke:#33363b}
.axis,.dashed,.error{stroke:#b5b5b5}
.front{stroke:#eee}
.thin{stroke:#777}
.s0{stroke:#4da6dd;fill:#4da6dd}
.s1{stroke:#ff8a3d;fill:#ff8a3d}
.s2{stroke:#2cc79a;fill:#2cc79a}
.s3{stroke:#e69ac6;fill:#e69ac6}
.s4{stroke:#f0b429;fill:#f0b429}
.s5{stroke:#8fd0f7;fill:#8fd0f7}
.s6{stroke:#eee;fill:#eee}
.curve,.hollow{fill:none}
.bar{stroke:none}
}
)";

// A figure of corners around (0, 0); the circle is drawn as such.
std::string marker_path(std::size_t shape, Point at) {
  const double r = kMarker, x = at.x, y = at.y;
  const auto corners = [](std::initializer_list<Point> points) {
    std::string path = "M";
    for (const Point& point : points) path += fmt::format(" {:.1f} {:.1f}", point.x, point.y);
    return path + " Z";
  };
  switch (shape) {
    case 1:
      return corners({{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}});
    case 2:
      return corners({{x, y - 1.2 * r}, {x + 1.1 * r, y + 0.8 * r}, {x - 1.1 * r, y + 0.8 * r}});
    case 3:
      return corners({{x, y - 1.3 * r}, {x + 1.3 * r, y}, {x, y + 1.3 * r}, {x - 1.3 * r, y}});
    case 4:
      return corners({{x, y + 1.2 * r}, {x + 1.1 * r, y - 0.8 * r}, {x - 1.1 * r, y - 0.8 * r}});
    case 5:
      return corners({{x - 1.2 * r, y - 0.5 * r},
                      {x + 1.2 * r, y - 0.5 * r},
                      {x + 1.2 * r, y + 0.5 * r},
                      {x - 1.2 * r, y + 0.5 * r}});
    default:
      return corners({{x - 0.5 * r, y - 1.2 * r},
                      {x + 0.5 * r, y - 1.2 * r},
                      {x + 0.5 * r, y + 1.2 * r},
                      {x - 0.5 * r, y + 1.2 * r}});
  }
}

}  // namespace

void SvgCanvas::line(Point from, Point to, std::string_view style) {
  elements_ += fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)",
                           style, from.x, from.y, to.x, to.y);
  elements_ += '\n';
}

void SvgCanvas::path(const std::vector<Point>& points, std::string_view style) {
  if (points.empty()) return;
  std::string d = "M";
  for (const Point& point : points) d += fmt::format(" {:.1f} {:.1f}", point.x, point.y);
  elements_ += fmt::format("<path class=\"{}\" d=\"{}\"/>\n", style, d);
}

void SvgCanvas::rectangle(Point corner, double width, double height, std::string_view style) {
  elements_ +=
      fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
                  style, corner.x, corner.y, width, height);
  elements_ += '\n';
}

void SvgCanvas::text(Point at, std::string_view text, std::string_view style, Anchor anchor) {
  elements_ +=
      fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                  style, at.x, at.y, kAnchors[static_cast<int>(anchor)], xml_text(text));
}

void SvgCanvas::marker(Point at, std::size_t series, bool hollow, std::string_view hover) {
  const std::size_t colour = series % kSeries;
  const std::size_t kind = (series + series / kSeries) % kSeries;  // then other pairs
  const std::string style = fmt::format("s{}{}", colour, hollow ? " hollow" : "");
  const std::string title = fmt::format("<title>{}</title>", xml_text(hover));
  elements_ += kind == 0
                   ? fmt::format(R"(<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}">{}</circle>)",
                                 style, at.x, at.y, kMarker, title)
                   : fmt::format(R"(<path class="{}" d="{}">{}</path>)", style,
                                 marker_path(kind, at), title);
  elements_ += '\n';
}

void SvgCanvas::horizontal_axis(const Scale& scale, double top, double bottom,
                                std::string_view title) {
  constexpr int kMost = 9;
  for (const Tick& tick : scale.ticks(kMost)) {
    const double x = scale.place(tick.value);
    line({x, top}, {x, bottom}, "grid");
    if (!tick.label.empty()) text({x, bottom + 15}, tick.label, "muted", Anchor::middle);
  }
  const double left = scale.place(scale.low()), right = scale.place(scale.high());
  line({left, bottom}, {right, bottom}, "axis");
  text({right, bottom + 31}, title, "ink", Anchor::end);
}

void SvgCanvas::vertical_axis(const Scale& scale, double left, double right,
                              std::string_view title) {
  constexpr int kMost = 7;
  for (const Tick& tick : scale.ticks(kMost)) {
    const double y = scale.place(tick.value);
    line({left, y}, {right, y}, "grid");
    if (!tick.label.empty()) text({left - 6, y + 4}, tick.label, "muted", Anchor::end);
  }
  text({left - 34, scale.place(scale.high()) - 8}, title, "ink");
}

std::string svg_document(const std::vector<Panel>& panels, bool is_inline) {
  double height = kGap;
  std::string body, title, description;
  for (const Panel& panel : panels) {
    body += fmt::format(
        "<g transform=\"translate(0 {:.0f})\">\n<text class=\"heading\" x=\"12\" "
        "y=\"18\">{}</text>\n",
        height, xml_text(panel.title));
    body += fmt::format("<g transform=\"translate(0 {:.0f})\">\n{}</g>\n</g>\n", kTitleHeight,
                        panel.elements);
    height += panel.height + kTitleHeight + kGap;
    title.append(title.empty() ? "" : "; ").append(xml_text(panel.title));
    description.append(description.empty() ? "" : " ").append(xml_text(panel.description));
  }
  if (panels.empty()) {
    description = title = "nothing to show";
    body =
        "<text class=\"ink\" x=\"12\" y=\"34\">The runs have nothing that this chart "
        "shows.</text>\n";
    height = 50;
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "width=\"{0:.0f}\" height=\"{1:.0f}\">\n<title>{2}</title>\n<desc>{3}</desc>\n{4}"
      "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n{5}</svg>\n",
      kPanelWidth, height, title, description,
      is_inline ? "" : fmt::format("<style>\n{}</style>\n", kStyle), body);
}

std::string svg_style() { return std::string(kStyle); }

}  // namespace evalzip
