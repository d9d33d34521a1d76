#include "corpora/demo_words.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cstdint>

namespace evalzip {
namespace {

std::vector<std::uint64_t> zipf_weights(std::size_t count) {
  // Zipf-Mandelbrot: the shift flattens the head, as within one kind of words.
  std::vector<std::uint64_t> weights;
  for (std::size_t rank = 0; rank < count; ++rank) weights.push_back((1u << 30) / (rank + 8));
  return weights;
}

template <std::size_t n>
std::string_view one_of(Random& random, const std::array<std::string_view, n>& words) {
  return words[random.below(n)];
}

constexpr std::array<std::string_view, 10> kDeterminers{"the", "the",  "the", "a",     "his",
                                                        "her", "this", "our", "every", "their"};
constexpr std::array<std::string_view, 8> kPrepositions{"of", "in",   "on",   "with",
                                                        "to", "from", "near", "under"};
constexpr std::array<std::string_view, 6> kConjunctions{"and",   "and",     "but",
                                                        "while", "because", "so that"};
constexpr std::array<std::string_view, 5> kPronouns{"he", "she", "they", "it", "we"};

// "decide" -> "decided", "carry" -> "carried", "walk" -> "walked".
std::string past_tense(std::string_view verb) {
  const auto is_vowel = [](char c) {
    return std::string_view("aeiou").find(c) != std::string_view::npos;
  };
  if (verb.ends_with('e')) return std::string(verb) + 'd';
  if (verb.ends_with('y') && verb.size() > 2 && !is_vowel(verb[verb.size() - 2])) {
    return std::string(verb.substr(0, verb.size() - 1)) + "ied";
  }
  return std::string(verb) + "ed";
}

std::string plural(std::string_view noun) {
  const bool hisses =
      noun.ends_with('s') || noun.ends_with("sh") || noun.ends_with("ch") || noun.ends_with('x');
  return std::string(noun) + (hisses ? "es" : "s");
}

std::string capitalised(std::string text) {
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

WordPicker::WordPicker(const std::vector<std::string_view>& list)
    : list_(&list), choice_(zipf_weights(list.size())) {}

ProseWriter::ProseWriter(Random& random)
    : random_(random),
      nouns_(demo_vocabulary().nouns),
      verbs_(demo_vocabulary().verbs),
      adjectives_(demo_vocabulary().adjectives),
      adverbs_(demo_vocabulary().adverbs),
      first_names_(demo_vocabulary().first_names),
      surnames_(demo_vocabulary().surnames),
      towns_(demo_vocabulary().towns) {
  change_topic();
}

std::string ProseWriter::person() {
  const std::string_view first = first_names_.pick(random_);
  return fmt::format("{} {}", first, surnames_.pick(random_));
}

std::string_view ProseWriter::town() { return towns_.pick(random_); }

void ProseWriter::change_topic() {
  topic_.clear();
  for (int i = 0; i < 20; ++i) {
    topic_.push_back(demo_vocabulary().nouns[random_.below(demo_vocabulary().nouns.size())]);
  }
  people_.clear();
  for (int i = 0; i < 4; ++i) people_.push_back(person());
}

std::string_view ProseWriter::noun() {
  if (random_.chance(35)) return topic_[random_.below(topic_.size())];
  return nouns_.pick(random_);
}

std::string ProseWriter::noun_phrase(int depth) {
  if (random_.chance(16)) return std::string(one_of(random_, kPronouns));
  if (random_.chance(14)) return people_[random_.below(people_.size())];
  if (random_.chance(4)) return fmt::format("{} {}", random_.between(2, 90), plural(noun()));
  std::string text(one_of(random_, kDeterminers));
  if (random_.chance(40)) text += fmt::format(" {}", adjectives_.pick(random_));
  text += fmt::format(" {}", noun());
  if (depth > 0 && random_.chance(30)) {
    const std::string_view preposition = one_of(random_, kPrepositions);
    text += fmt::format(" {} {}", preposition, noun_phrase(depth - 1));
  }
  return text;
}

std::string ProseWriter::verb_phrase(int depth) {
  std::string text;
  if (random_.chance(20)) text += fmt::format("{} ", adverbs_.pick(random_));
  text += past_tense(verbs_.pick(random_));
  if (random_.chance(70)) text += fmt::format(" {}", noun_phrase(depth));
  if (random_.chance(25)) {
    const std::string_view preposition = one_of(random_, kPrepositions);
    text += fmt::format(" {} {}", preposition, noun_phrase(0));
  }
  return text;
}

std::string ProseWriter::clause(int depth) {
  const std::string subject = noun_phrase(depth);
  return subject + " " + verb_phrase(depth);
}

std::string ProseWriter::sentence() {
  std::string text = clause(1);
  if (random_.chance(45)) {
    const std::string_view conjunction = one_of(random_, kConjunctions);
    text += fmt::format(", {} {}", conjunction, clause(1));
  }
  if (random_.chance(8)) {
    const std::string speaker = people_[random_.below(people_.size())];
    return fmt::format("\"{},\" said {}.", capitalised(text), speaker);
  }
  if (random_.chance(6)) {
    const std::string_view place = town();
    text += fmt::format(" in {}", place);
  }
  return capitalised(text) + (random_.chance(5) ? "?" : ".");
}

std::string ProseWriter::paragraph() {
  if (random_.chance(12)) change_topic();
  std::string text = sentence();
  for (std::uint64_t more = random_.below(7); more > 0; --more)
    text += fmt::format(" {}", sentence());
  return text;
}

std::string ProseWriter::short_note() {
  const std::string_view adjective = adjectives_.pick(random_);
  return fmt::format("{} {}", adjective, noun());
}

}  // namespace evalzip
