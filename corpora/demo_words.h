// The vocabulary of the demo corpus, and sentences made of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/random.h"
#include "corpora/synthetic.h"

namespace evalzip {

// Words by kind, the more frequent first; verbs in the past tense.
struct Vocabulary {
  std::vector<std::string_view> nouns, verbs, adjectives, adverbs, first_names, surnames, towns;
};

const Vocabulary& demo_vocabulary();

// Draws from a list with Zipf's law over its order. `list` must outlive the picker.
class WordPicker {
 public:
  explicit WordPicker(const std::vector<std::string_view>& list);
  std::string_view pick(Random& random) const { return (*list_)[choice_.draw(random)]; }

 private:
  const std::vector<std::string_view>* list_;
  WeightedChoice choice_;
};

// Sentences by a small grammar: noun phrases, verb phrases, clauses, speech. A writer has a topic,
// a few nouns and names it comes back to, which changes now and then, as in real texts.
class ProseWriter {
 public:
  explicit ProseWriter(Random& random);
  std::string sentence();
  std::string paragraph();
  std::string short_note();  // a few words, without a full stop
  std::string person();      // first name and surname
  std::string_view town();

 private:
  void change_topic();
  std::string_view noun();
  std::string noun_phrase(int depth);
  std::string verb_phrase(int depth);
  std::string clause(int depth);

  Random& random_;
  WordPicker nouns_, verbs_, adjectives_, adverbs_, first_names_, surnames_, towns_;
  std::vector<std::string_view> topic_;
  std::vector<std::string> people_;
};

}  // namespace evalzip
