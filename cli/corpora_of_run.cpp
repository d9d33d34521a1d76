#include "cli/corpora_of_run.h"

#include <filesystem>
#include <sstream>

#include "cli/model_corpus.h"
#include "corpora/open_corpus.h"

namespace evalzip {
namespace {

// A whole argument may be the path of a file with a comma in its name; otherwise commas separate.
std::vector<std::string> split_corpora(const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const std::string& argument : arguments) {
    if (std::filesystem::exists(argument)) {
      names.push_back(argument);
      continue;
    }
    std::istringstream parts(argument);
    for (std::string name; std::getline(parts, name, ',');) {
      if (!name.empty()) names.push_back(name);
    }
  }
  if (names.empty()) names.push_back("demo");
  return names;
}

}  // namespace

std::vector<Corpus> open_corpora(const std::vector<std::string>& arguments, bool offline,
                                 StatusLine& line) {
  CorpusPlaces places = places_from_environment();
  places.offline = places.offline || offline;
  CorpusProgress progress(line);
  std::vector<Corpus> corpora;
  for (const std::string& name : split_corpora(arguments)) {
    corpora.push_back(name.starts_with(kModelCorpusPrefix)
                          ? open_model_corpus(name, places, progress)
                          : open_corpus(name, places, progress));
  }
  line.clear();
  return corpora;
}

}  // namespace evalzip
