#include "codecs/context/text_choice.h"

#include <algorithm>
#include <string_view>

#include "codecs/context/content_trial.h"

namespace evalzip {
namespace {

using Window = std::span<const std::uint8_t>;

constexpr std::size_t kWindow = std::size_t{1} << 16;

// Which sets may be better than that of text.
struct Candidates {
  bool markup = false, multilingual = false;
  bool operator==(const Candidates&) const = default;
};

// What digits, brackets and delimiters make up an eighth of, most prose has half of that.
Candidates candidates_in(Window window) {
  constexpr std::string_view kStructure = "{}[]<>\":,;=|\t/&_0123456789";
  std::size_t structure = 0, beyond = 0, first = 0;
  for (const std::uint8_t byte : window) {
    structure += byte < 128 && kStructure.find(static_cast<char>(byte)) != std::string_view::npos;
    beyond += byte >= 128 ? 1 : 0;
    first += byte >= 0xc2 ? 1 : 0;
  }
  // In UTF-8 each character beyond ASCII has one first byte and one to three others.
  const bool utf_8 = beyond >= 2 * first && beyond <= 4 * first;
  return {.markup = 8 * structure >= window.size(),
          .multilingual = utf_8 && 8 * beyond >= window.size()};
}

// What it costs that a set which was not in use has its mixture to learn, in bits.
constexpr double kChange = 16'000;

// Of the sets, those not in use yet have to earn that.
Content best_of(Window bytes, Candidates candidates, const TextSets& sets, TrialBudget& budget) {
  if (bytes.size() < kSmallestTried) return sets.last;
  if (candidates == Candidates{}) return Content::text;
  constexpr std::size_t kLarge = std::size_t{1} << 18;
  const std::size_t looks = bytes.size() < kLarge ? 1 : 3;
  const std::size_t part = bytes.size() / looks;
  const std::size_t tried = 1 + (candidates.markup ? 1 : 0) + (candidates.multilingual ? 1 : 0);
  if (!budget.take(tried * looks, part)) {
    const bool fits = sets.last == Content::markup ? candidates.markup : candidates.multilingual;
    return fits ? sets.last : Content::text;
  }
  const auto bits = [&](Content content) {
    double sum = 0;
    for (std::size_t i = 0; i < looks; ++i) {
      sum += trial_bits(bytes.subspan(i * part, part), {.content = content, .size = part});
    }
    return sum * static_cast<double>(part) / static_cast<double>(trial_size(part)) +
           (sets.has(content) ? 0 : kChange);
  };
  Content best = Content::text;
  double least = bits(best);
  const auto consider = [&](Content content) {
    const double cost = bits(content);
    if (cost < least) best = content;
    least = std::min(least, cost);
  };
  if (candidates.markup) consider(Content::markup);
  if (candidates.multilingual) consider(Content::multilingual);
  return best;
}

// Those of most windows.
Candidates common_candidates(Window bytes) {
  std::size_t windows = 0, markup = 0, multilingual = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kWindow) {
    const Candidates found = candidates_in(bytes.subspan(at, std::min(kWindow, bytes.size() - at)));
    ++windows;
    markup += found.markup ? 1 : 0;
    multilingual += found.multilingual ? 1 : 0;
  }
  return {.markup = 4 * markup >= 3 * windows, .multilingual = 4 * multilingual >= 3 * windows};
}

}  // namespace

bool TextSets::has(Content content) const {
  return content == Content::markup ? markup : content == Content::text ? text : multilingual;
}

void TextSets::add(Content content) {
  (content == Content::markup ? markup : content == Content::text ? text : multilingual) = true;
  last = content;
}

std::vector<Segment> choose_for_text(Window bytes, TextSets& sets, TrialBudget& budget) {
  const Content whole = best_of(bytes, common_candidates(bytes), sets, budget);
  if (whole != Content::text || bytes.size() < kSmallestTried) {
    sets.add(whole);
    return {{.content = whole, .size = bytes.size()}};
  }
  std::vector<Segment> chosen;
  sets.add(Content::text);  // as most of it is
  while (!bytes.empty()) {
    std::size_t size = std::min(kWindow, bytes.size());
    const Candidates candidates = candidates_in(bytes.first(size));
    while (size < bytes.size()) {
      const std::size_t more = std::min(kWindow, bytes.size() - size);
      if (candidates_in(bytes.subspan(size, more)) != candidates) break;
      size += more;
    }
    const Content content = best_of(bytes.first(size), candidates, sets, budget);
    if (!chosen.empty() && chosen.back().content == content) {
      chosen.back().size += size;
    } else {
      chosen.push_back({.content = content, .size = size});
    }
    bytes = bytes.subspan(size);
    sets.add(content);
  }
  return chosen;
}

}  // namespace evalzip
