#include "harness/cell_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace evalzip {

std::vector<std::size_t> all_cells(const WidePlan& plan) {
  std::vector<std::size_t> cells(plan.cells.size());
  std::iota(cells.begin(), cells.end(), std::size_t{0});
  return cells;
}

namespace {

std::optional<std::size_t> parse_number(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Among cells of one length keys decide, which are as good as random: a codec, or a document, does
// not fall to one share.
std::vector<std::size_t> longest_first(const WidePlan& plan) {
  std::vector<std::size_t> order = all_cells(plan);
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::pair(-plan.cells[i].seconds.value_or(0), plan.cells[i].cell.key);
  });
  return order;
}

}  // namespace

std::vector<std::size_t> parse_cell_list(const std::string& text, std::size_t cells) {
  std::vector<std::size_t> list;
  if (text.empty()) {
    throw std::invalid_argument(
        "--index is empty: name places of cells, 3 or 0-9, or leave it out");
  }
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const std::size_t dash = part.find('-');
    const auto first = parse_number(part.substr(0, dash));
    const auto last = dash == part.npos ? first : parse_number(part.substr(dash + 1));
    if (!first || !last || *first > *last) {
      throw std::invalid_argument(
          fmt::format("--index {}: '{}' is not a place (3) or a range of them (0-9)", text, part));
    }
    if (*last >= cells) {
      throw std::invalid_argument(
          fmt::format("--index {}: the plan has {} cells, from 0 on", text, cells));
    }
    for (std::size_t cell = *first; cell <= *last; ++cell) list.push_back(cell);
  }
  return list;
}

std::vector<std::size_t> cells_of_shard(const std::string& text, const WidePlan& plan) {
  const std::size_t slash = text.find('/');
  const std::size_t share = parse_number(text.substr(0, slash)).value_or(0);
  const std::size_t of = slash == text.npos ? 0 : parse_number(text.substr(slash + 1)).value_or(0);
  if (share == 0 || share > of) {
    throw std::invalid_argument(
        fmt::format("--shard {}: must be i/N with i from 1 to N, for example 1/4", text));
  }
  const std::vector<std::size_t> order = longest_first(plan);
  std::vector<std::size_t> list;
  for (std::size_t i = share - 1; i < order.size(); i += of) list.push_back(order[i]);
  std::ranges::sort(list);
  return list;
}

std::string format_cell_list(const std::vector<std::size_t>& cells) {
  std::string text;
  for (std::size_t i = 0; i < cells.size();) {
    std::size_t end = i + 1;
    while (end < cells.size() && cells[end] == cells[end - 1] + 1) ++end;
    if (!text.empty()) text += ',';
    text +=
        end - i == 1 ? fmt::format("{}", cells[i]) : fmt::format("{}-{}", cells[i], cells[end - 1]);
    i = end;
  }
  return text;
}

}  // namespace evalzip
